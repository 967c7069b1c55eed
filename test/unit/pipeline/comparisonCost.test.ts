import { expect, test } from 'vitest';
import { type ComparisonPace, comparisonCost } from '../../../src/lab/pipeline/comparisonCost.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { madeCollection } from '../../support/collection.ts';

const models = { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } };
const pace: ComparisonPace = {
  encoding: { baseline: 0.004, small: 0.001 },
  reranking: 0.002,
  training: 0.0001,
  source: 'a test',
};
const load = () => Promise.resolve({ queries: 10, documents: 1000, charactersPerText: 50, bytes: 0 });

/*
 * In full: 10 queries and 1,000 documents of 50 characters each.
 *   baseline: 1,010 · 50 · 0.004 = 202 s; small: 1,010 · 50 · 0.001 = 50.5 s
 *   asymmetric: 10 · 50 · 0.001 by the small one and 1,000 · 50 · 0.004 by the baseline, 200.5 s
 *   reranking by five systems: 10 · 20 · (1 + 0.5 · 4) = 600 pairs of 50 characters, 60 s
 * Training: 30 steps of 4 · 3 texts of 10 tokens, 3,600 · 0.0001 = 0.36 s.
 */
const spec = parseSpec({
  models,
  datasets: [{ source: 'folder:one', queries: 5, documents: 100 }],
  train: [{ name: 'mine', steps: 30, batchSize: 4, maxLength: 10 }],
  compare: {
    systems: [
      'baseline',
      'mine',
      { name: 'both', queries: 'mine', documents: 'baseline' },
      'static-ce',
      { name: 'hybrid', fuse: ['bm25', 'baseline'] },
    ],
    rerankDepth: 20,
  },
});

test('time is told by collection and system, for the sample and in full', async () => {
  const { collections, training, seconds, fullSeconds, isFull } = await comparisonCost(spec, pace, load);
  expect(isFull).toBe(false);
  const parts = Object.fromEntries(
    collections[0]!.parts.map(({ what, fullSeconds: full }) => [what, Number(full!.toFixed(6))]),
  );
  // The fusion's parts were searched by then, or encode nothing.
  expect(parts).toEqual({ baseline: 202, mine: 50.5, both: 200.5, 'static-ce': 0, hybrid: 0, reranking: 60 });
  expect(training[0]!.seconds).toBeCloseTo(0.36, 9);
  expect(fullSeconds).toBeCloseTo(202 + 50.5 + 200.5 + 60 + 0.36, 6);
  // 105 texts, and half the queries to rerank.
  expect(seconds).toBeCloseTo(105 * 50 * 0.005 + (5 * 0.001 + 100 * 0.004) * 50 + 30 + 0.36, 6);
});

test('a trained model that is cut behind a layer goes by the pace of the whole', async () => {
  const cut = { ...spec, compare: { ...spec.compare, systems: ['mine layer 1'], rerankDepth: 0 } };
  const timed = { ...pace, encoding: { ...pace.encoding, mine: 0.002 } };
  const [of, own] = await Promise.all([pace, timed].map((one) => comparisonCost(cut, one, load)));
  expect(of!.collections[0]!.parts[0]!.fullSeconds).toBeCloseTo(50.5, 9);
  expect(own!.collections[0]!.parts[0]!.fullSeconds).toBeCloseTo(101, 9);
});

test('what a model is taught takes its time too', async () => {
  const taught = { ...spec, train: [{ ...spec.train[0]!, loss: 'mse' as const }] };
  const [plain, cost] = await Promise.all([spec, taught].map((one) => comparisonCost(one, pace, load)));
  // 30 steps of 4 queries, positives and negatives, 50 characters each, by the DE.
  const seconds = 360 * 50 * 0.004;
  expect(cost!.teachers).toEqual([
    { name: 'mine', what: 'texts', source: 'folder:de', count: 360, seconds: expect.closeTo(seconds, 9) },
  ]);
  expect(cost!.fullSeconds! - plain!.fullSeconds!).toBeCloseTo(seconds, 6);
});

test('a system of which no pace is known leaves the whole unknown', async () => {
  const unknown = parseSpec({
    models,
    datasets: [{ source: 'folder:one' }],
    compare: { systems: ['baseline', 'hub:owner/name'], rerankDepth: 0 },
  });
  const { collections, fullSeconds, isFull } = await comparisonCost(unknown, pace, () =>
    Promise.resolve(madeCollection('one', 5, 20)),
  );
  expect(isFull).toBe(true);
  expect(collections[0]!.dataset).toBe('one');
  expect(collections[0]!.parts.map(({ fullSeconds: full }) => full === null)).toEqual([false, true]);
  expect(fullSeconds).toBeNull();
});
