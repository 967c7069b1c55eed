import { beforeEach, expect, test, vi } from 'vitest';
import { itemsOf, keyOf } from '../../../src/lab/paper/specs.ts';
import { runItems, useReproduce } from '../../../src/state/reproduce/reproduce.ts';
import type { RunArtefact } from '../../../src/state/run.ts';

const choice = { work: 'layers', pair: 'minilm', size: 'small', stand: 'bundled' } as const;
const item = itemsOf(choice)[0]!;

const full = (): Promise<never> =>
  Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));
const kept = vi.hoisted(() => ({
  put: vi.fn<(key: unknown) => Promise<void>>(),
  keys: vi.fn<() => Promise<unknown[]>>(),
}));

vi.mock('idb-keyval', () => ({
  createStore: () => () => {},
  set: kept.put,
  keys: kept.keys,
  delMany: () => Promise.resolve(),
  entries: () => Promise.resolve([]),
  get: () => Promise.resolve(undefined),
}));
vi.mock('../../../src/state/labClient.ts', () => ({ labClient: () => ({}) }));
vi.mock('../../../src/state/run.ts', () => ({
  useRun: { getState: () => ({ run: { status: 'idle' } }) },
  cancelRun: () => Promise.resolve(),
  async startRun(spec: unknown, { keep }: { keep(file: RunArtefact): Promise<void> }) {
    const bytes = new Uint8Array([1, 2, 3]);
    for (const path of ['runs/one/bm25.trec', 'qrels/one.trec']) {
      await keep({ type: 'artefact', path, append: false, bytes });
    }
    return { status: 'done', report: { spec } };
  },
}));

beforeEach(() => {
  vi.stubGlobal('navigator', {});
  kept.put.mockReset().mockResolvedValue();
  kept.keys.mockReset().mockResolvedValue([]);
  useReproduce.setState({ results: new Map(), failures: new Map(), problem: null });
});

/** Runs the item. @returns whether its result is there, and what was said */
async function outcome(): Promise<{ done: boolean; failed: number; problem: string | null }> {
  await runItems(keyOf(choice), [item]);
  const { results, failures, problem } = useReproduce.getState();
  const found = results.get(`${keyOf(choice)}/${item.id}`);
  return { done: found !== undefined, failed: failures.size, problem };
}

const isReport = (key: unknown): boolean => typeof key === 'string';

test('with room nothing is said', async () => {
  expect(await outcome()).toEqual({ done: true, failed: 0, problem: null });
  expect(kept.put).toHaveBeenCalledTimes(3);
});

test('where run files find no room, the result is there, and it is said once', async () => {
  kept.put.mockImplementation((key) => (isReport(key) ? Promise.resolve() : full()));
  expect(await outcome()).toEqual({
    done: true,
    failed: 0,
    problem: 'The storage that the browser allows is full; run files are not kept from here on.',
  });
  expect(kept.put).toHaveBeenCalledTimes(2);
});

test('where the result finds no room, it is shown and can be saved', async () => {
  kept.put.mockImplementation((key) => (isReport(key) ? full() : Promise.resolve()));
  expect(await outcome()).toEqual({
    done: true,
    failed: 0,
    problem: expect.stringMatching(
      /^The result is shown, but was not stored for the next visit: The storage that the browser allows is full; /,
    ),
  });
});

test('where the browser keeps no databases, the run goes on without', async () => {
  kept.keys.mockRejectedValue(new DOMException('Not allowed here.', 'InvalidStateError'));
  kept.put.mockRejectedValue(new DOMException('Not allowed here.', 'InvalidStateError'));
  const { done, failed, problem } = await outcome();
  expect({ done, failed }).toEqual({ done: true, failed: 0 });
  expect(problem).toContain('Not allowed here.');
});
