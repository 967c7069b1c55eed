import { expect, test } from 'vitest';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { TrainSpec } from '../../../src/lab/spec/spec.ts';
import { checkTraining } from '../../../src/lab/training/checkTraining.ts';

function train(change: Partial<TrainSpec>): TrainSpec {
  const { train } = parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }],
    train: [{ name: 't', negatives: 'none', steps: 6, batchSize: 4, warmupSteps: 2, ...change }],
  });
  return train[0]!;
}

const pairs = Array.from({ length: 5 }, (_, i) => ({
  query: `q${i}`,
  positive: `d${i}`,
  negatives: [] as string[],
}));

test('a usual run has nothing to say', () => {
  expect(checkTraining(train({}), pairs, 1)).toEqual({ refused: [], warnings: [] });
});

test('a batch of one without negatives learns nothing, and is refused; with negatives it learns', () => {
  const { refused } = checkTraining(train({ batchSize: 1 }), pairs, 1);
  expect(refused.join()).toContain('batchSize is 1 and there are no negatives, so the loss is always 0');
  expect(checkTraining(train({ batchSize: 1, negatives: 'bm25' }), pairs, 1).refused).toEqual([]);
  const triplets = pairs.map((pair) => ({ ...pair, negatives: ['other'] }));
  expect(checkTraining(train({ batchSize: 1, negatives: 'given' }), triplets, 1).refused).toEqual([]);
  expect(checkTraining(train({}), pairs.slice(0, 1), 1).refused.join()).toContain('there is one query');
});

test('nothing can be mined from one document', () => {
  const { refused } = checkTraining(train({ negatives: 'bm25' }), pairs.slice(0, 1), 1);
  expect(refused.join()).toContain('BM25 has no negative to mine');
});

test('what is likely not meant is said: warm-up, one document for all, negatives that are the positives', () => {
  expect(
    checkTraining(train({ warmupSteps: 1000, learningRate: 0.001 }), pairs, 1).warnings.join(),
  ).toContain(
    'the warm-up takes 1000 steps and the run 6, so the learning rate ends at 0.0000060 and never reaches 0.001',
  );
  expect(
    checkTraining(
      train({}),
      pairs.map((pair) => ({ ...pair, positive: 'same' })),
      1,
    ).warnings.join(),
  ).toContain('all 5 queries have the same document');
  expect(
    checkTraining(
      train({ negatives: 'given' }),
      pairs.map((pair) => ({ ...pair, negatives: [pair.positive] })),
      1,
    ).warnings.join(),
  ).toContain('every negative equals a positive of its query');
});

test('a loss of a query’s own candidates needs negatives; mse needs none, nor a second document', () => {
  for (const loss of ['margin-mse', 'kl'] as const) {
    expect(checkTraining(train({ loss }), pairs, 1).refused.join()).toContain(
      `${loss} compares a query’s positive with its own negatives, and there are none`,
    );
    expect(checkTraining(train({ loss, negatives: 'bm25' }), pairs, 1).refused).toEqual([]);
  }
  const one = pairs.map((pair) => ({ ...pair, positive: 'same' }));
  expect(checkTraining(train({ loss: 'mse', batchSize: 1 }), one, 1)).toEqual({ refused: [], warnings: [] });
});
