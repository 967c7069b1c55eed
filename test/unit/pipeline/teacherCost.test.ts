import { expect, test } from 'vitest';
import { teacherCosts } from '../../../src/lab/pipeline/teacherCost.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { Spec, SpecInput } from '../../../src/lab/spec/spec.ts';

type TrainInput = NonNullable<SpecInput['train']>[number];

function specOf(train: Partial<TrainInput>): Spec {
  return parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }],
    train: [{ name: 'mine', batchSize: 2, negatives: 'given', ...train }],
  });
}

// Three queries of 2 characters; four documents of 5 and one of 10, on average 6.
const services = {
  loadTrainingPairs: () =>
    Promise.resolve({
      pairs: [
        { query: 'aa', positive: 'one 1', negatives: ['two 2', 'three 3333'] },
        { query: 'bb', positive: 'two 2', negatives: ['four4'] },
        { query: 'cc', positive: 'five5', negatives: [] },
      ],
      warnings: [],
    }),
};
const pace = { embedding: 0.5, scoring: 0.25 };
const costOf = async (train: Partial<TrainInput>, known: typeof pace | null = pace) =>
  (await teacherCosts({ spec: specOf(train), pace: known, services }))[0];

test('a loss without a teacher asks nothing', async () => {
  expect(await costOf({ steps: 3 })).toBeUndefined();
});

test('a dual encoder embeds each text once, as many as the steps draw', async () => {
  const of = { name: 'mine', what: 'texts', source: 'folder:de' };
  // One step draws two queries, their positives and a negative each: 2 · 2 + 4 · 6 characters.
  expect(await costOf({ loss: 'mse', steps: 1 })).toEqual({ ...of, count: 6, seconds: 28 * 0.5 });
  // Two steps draw all three queries, and no more than the five documents that there are.
  expect(await costOf({ loss: 'mse', epochs: 7 })).toEqual({ ...of, count: 8, seconds: 36 * 0.5 });
  // Without negatives: three documents, 5 characters each.
  expect(await costOf({ loss: 'mse', epochs: 7, negatives: 'none' })).toEqual({
    ...of,
    count: 6,
    seconds: 21 * 0.5,
  });
});

test('a cross encoder scores each pair once, a query with its positives and what is drawn of its negatives', async () => {
  const of = { name: 'mine', what: 'pairs', source: 'folder:ce' };
  // One step: two positives, and a negative for each.
  expect(await costOf({ loss: 'margin-mse', steps: 1 })).toEqual({ ...of, count: 4, seconds: 4 * 6 * 0.25 });
  // In ten epochs all three positives, and the three negatives that there are.
  expect(await costOf({ loss: 'kl', epochs: 10 })).toEqual({ ...of, count: 6, seconds: 6 * 6 * 0.25 });
  // BM25 mines five for each query.
  expect((await costOf({ loss: 'kl', epochs: 10, negatives: 'bm25' }))?.count).toBe(3 + 15);
});

test('the time is not known without a pace, or of another teacher', async () => {
  expect(await costOf({ loss: 'mse', steps: 1 }, null)).toMatchObject({ count: 6, seconds: null });
  const other = await costOf({ loss: 'mse', steps: 1, teacher: 'hub:owner/name' });
  expect(other).toMatchObject({ source: 'hub:owner/name', count: 6, seconds: null });
});

test('pairs of the hub are not fetched to be counted', async () => {
  const spec = specOf({ loss: 'margin-mse', steps: 10, negativesPerQuery: 3, data: ['hub:owner/pairs'] });
  const fails = { loadTrainingPairs: () => Promise.reject(new Error('fetched')) };
  const [known] = await teacherCosts({ spec, pace, services: fails });
  // Ten steps of two queries with one positive and three negatives.
  expect(known).toMatchObject({ count: 80, seconds: null });
  const open = { ...spec, train: [{ ...spec.train[0]!, steps: null }] };
  expect((await teacherCosts({ spec: open, pace, services: fails }))[0]!.count).toBeNull();
});
