import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { learningRateAt } from '../../../src/lab/training/schedule.ts';
import { type PlanOptions, TrainingPlan } from '../../../src/lab/training/trainingPlan.ts';
import type { TrainingSet } from '../../../src/lab/training/trainingSet.ts';
import { freshRandom } from '../../support/random.ts';
import '../../support/allclose.ts';

const options: PlanOptions = {
  seed: 3,
  shuffle: true,
  batchSize: 8,
  epochs: 2,
  steps: null,
  negativesPerQuery: 1,
};

/** `count` queries, then passages; each query's positive and negatives are neighbours among them. */
function madeSet(count: number, passages: number, negatives: number): TrainingSet {
  const random = freshRandom();
  return {
    texts: Array.from({ length: count + passages }, (_, row) => `text ${row}`),
    examples: Array.from({ length: count }, (_, query) => {
      const from = random.int(0, passages - 1);
      const own = Array.from({ length: 1 + negatives }, (__, n) => count + ((from + n) % passages));
      return { query, positives: own.slice(0, 1), negatives: own.slice(1) };
    }),
  };
}

test('every epoch has every example once, in another order', () => {
  const set = madeSet(61, 10_000, 1);
  const plan = new TrainingPlan(set, options);
  expect(plan.stepsPerEpoch).toBe(8);
  expect(plan.totalSteps).toBe(16);
  const epochs = [0, 1].map((epoch) =>
    Array.from({ length: 8 }, (_, step) => plan.batch(epoch * 8 + step).queries),
  );
  for (const batches of epochs) {
    expect(batches.flat().sort((a, b) => a - b)).toEqual(set.examples.map(({ query }) => query));
    expect(batches.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 8, 8, 5]);
  }
  expect(epochs[0]).not.toEqual(epochs[1]);
  expect(epochs[0]!.flat()).not.toEqual(set.examples.map(({ query }) => query));
});

test('no text stands twice in a batch until only colliding examples are left', () => {
  const set = madeSet(400, 90, 1);
  const plan = new TrainingPlan(set, options);
  const queries: number[] = [];
  for (let step = 0; step < plan.stepsPerEpoch; step++) {
    const { queries: own, documents } = plan.batch(step);
    queries.push(...own);
    if (step < 0.75 * plan.stepsPerEpoch) {
      expect(new Set([...own, ...documents]).size).toBe(own.length + documents.length);
    }
  }
  expect(queries.sort((a, b) => a - b)).toEqual(set.examples.map(({ query }) => query));
});

test('examples that all collide are still taken', () => {
  const examples = Array.from({ length: 10 }, (_, query) => ({ query, positives: [10], negatives: [] }));
  const plan = new TrainingPlan({ texts: [...'abcdefghijk'], examples }, { ...options, batchSize: 4 });
  expect([0, 1, 2].map((step) => plan.batch(step).queries.length)).toEqual([4, 4, 2]);
});

test('any step can be asked for first', () => {
  const set = madeSet(50, 40, 2);
  const all = new TrainingPlan(set, options);
  const batches = Array.from({ length: 21 }, (_, step) => all.batch(step));
  expect(new TrainingPlan(set, options).batch(20)).toEqual(batches[20]);
  expect(new TrainingPlan(set, { ...options, seed: 4 }).batch(20)).not.toEqual(batches[20]);
});

test('positives and negatives go round from epoch to epoch', () => {
  const set: TrainingSet = {
    texts: [...'abcdef'],
    examples: [{ query: 0, positives: [1, 2], negatives: [3, 4, 5] }],
  };
  const draws = (shuffle: boolean, negativesPerQuery: number): (readonly number[])[] => {
    const plan = new TrainingPlan(set, { ...options, shuffle, negativesPerQuery, epochs: 6 });
    return Array.from({ length: plan.totalSteps }, (_, step) => plan.batch(step).documents);
  };
  const once = [
    [1, 3],
    [2, 4],
    [1, 5],
    [2, 3],
    [1, 4],
    [2, 5],
  ];
  expect(draws(false, 1)).toEqual(once);
  expect(draws(true, 1).sort()).toEqual(once.sort());
  expect(draws(false, 2).slice(0, 3)).toEqual([
    [1, 3, 4],
    [2, 5, 3],
    [1, 4, 5],
  ]);
  expect(draws(false, 9)[0]).toHaveLength(4);
});

test('unshuffled, batches are the examples in their order', () => {
  const set = madeSet(11, 3, 1);
  const plan = new TrainingPlan(set, { ...options, shuffle: false, batchSize: 4, steps: 5 });
  expect(plan.totalSteps).toBe(5);
  expect(plan.batch(1)).toEqual({
    queries: [4, 5, 6, 7],
    documents: [4, 5, 6, 7]
      .map((at) => set.examples[at]!.positives[0]!)
      .concat([4, 5, 6, 7].map((at) => set.examples[at]!.negatives[0]!)),
    // Its own positive, then its own negative behind the four positives.
    candidates: [
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ],
  });
  expect(plan.batch(2).queries).toEqual([8, 9, 10]);
  expect(plan.batch(3).queries).toEqual([0, 1, 2, 3]);
});

test('part of an epoch counts to the next whole step', () => {
  const set = madeSet(61, 100, 1);
  expect(new TrainingPlan(set, { ...options, epochs: 0.3 }).totalSteps).toBe(3);
});

test('learning rates are those of the reference', () => {
  const path = new URL('../../reference/training/expected.json', import.meta.url);
  const expected = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly learning_rate: number;
    readonly warmup_steps: number;
    readonly total_steps: number;
    readonly steps: readonly { readonly learning_rate: number }[];
  };
  const schedule = {
    learningRate: expected.learning_rate,
    warmupSteps: expected.warmup_steps,
    totalSteps: expected.total_steps,
  };
  const rates = expected.steps.map((_, step) => learningRateAt(step, schedule));
  expect(rates).toBeAllclose(
    expected.steps.map((step) => step.learning_rate),
    { atol: 1e-15 },
  );
  expect(learningRateAt(expected.total_steps, schedule)).toBe(0);
  expect(learningRateAt(0, { ...schedule, warmupSteps: 0 })).toBe(expected.learning_rate);
  expect(learningRateAt(99, { ...schedule, warmupSteps: 1000, totalSteps: 100 })).toBeCloseTo(9.9e-5, 12);
});
