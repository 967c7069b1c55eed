import { beforeEach, expect, test, vi } from 'vitest';
import { Cancelled } from '../../../src/base/userError.ts';
import type { RunEvent } from '../../../src/lab/pipeline/events.ts';
import type { Report } from '../../../src/lab/report/report.ts';
import type { Spec } from '../../../src/lab/spec/spec.ts';
import { cancelCurves, computeCurves, useWhy } from '../../../src/state/why.ts';

/** What was asked of the worker of the curves, in order; what was asked of Explore's would be missing here. */
const asked: string[] = [];
let run: (spec: Spec, listen: (event: RunEvent) => void) => Promise<Report>;

vi.mock('../../../src/state/labClient.ts', () => ({
  calledBack: <T>(given: T): T => given,
  startOwnLab: () => ({
    calls: {
      run: (spec: Spec, listen: (event: RunEvent) => void) => {
        asked.push(`run ${spec.pooling.weights}`);
        return run(spec, listen);
      },
      cancel: () => asked.push('cancel'),
    },
    end: () => asked.push('end'),
  }),
}));
vi.mock('../../../src/state/exploreClient.ts', () => ({
  exploreClient: () => ({ estimate: () => Promise.reject(new Error('not asked here')) }),
}));

const report = {
  layerwise: [],
  environment: {
    startSeconds: 0,
    seconds: 1,
    models: {},
    datasets: [{ data: { embedded: [{ model: 'ce', weights: 'by their IDF' }] } }],
  },
} as unknown as Report;

beforeEach(() => {
  asked.length = 0;
  useWhy.setState({ curves: { status: 'idle' } });
});

test('curves are computed by a worker of their own, which then ends, so that no key waits for a batch', async () => {
  run = (_, listen) => {
    listen({ type: 'stage', text: 'Opening the CE' });
    expect(useWhy.getState().curves).toMatchObject({ status: 'running' });
    return Promise.resolve(report);
  };
  await computeCurves();
  expect(asked).toEqual(['run uniform', 'run idf', 'end']);
  expect(useWhy.getState().curves).toMatchObject({
    status: 'ready',
    value: { notes: ['CE: by their IDF'] },
  });
});

test('a cancelled run ends its worker, and what comes after is nobody’s to cancel', async () => {
  run = () => {
    cancelCurves();
    return Promise.reject(new Cancelled());
  };
  await computeCurves();
  expect(asked).toEqual(['run uniform', 'cancel', 'end']);
  expect(useWhy.getState().curves.status).toBe('cancelled');
  cancelCurves();
  expect(asked).toHaveLength(3);
});

test('a run that fails says why and ends its worker', async () => {
  run = () => Promise.reject(new Error('corpus.jsonl, line 3: "_id" is missing.'));
  await computeCurves();
  expect(asked.at(-1)).toBe('end');
  expect(useWhy.getState().curves).toMatchObject({
    status: 'failed',
    sentence: 'corpus.jsonl, line 3: "_id" is missing.',
  });
});
