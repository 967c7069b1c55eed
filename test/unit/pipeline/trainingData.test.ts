import { expect, test } from 'vitest';
import { trainingSetOf } from '../../../src/lab/pipeline/trainingData.ts';
import type { TrainOptions } from '../../../src/lab/pipeline/trainOptions.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { type TrainSpec, trainSchema } from '../../../src/lab/spec/spec.ts';

const pairs = [
  { query: 'a cat', positive: 'the cat is an animal', negatives: [] },
  { query: 'a ship', positive: 'the ship is a vessel', negatives: [] },
  { query: 'a cat on a ship', positive: 'the cat is on the ship', negatives: [] },
];

const model = (name: string, change: Partial<TrainSpec> = {}): TrainSpec =>
  trainSchema.parse({ name, data: ['bundled:foldoc'], negatives: 'bm25', ...change });

/** What is mined for the models one after the other. */
async function setsOf(...models: readonly TrainSpec[]) {
  const mined: TrainOptions['mined'] = new Map();
  const sets = [];
  for (const train of models) {
    const services = { loadTrainingPairs: () => Promise.resolve({ pairs, warnings: [] }) };
    const options = {
      train,
      spec: defaultSpec(),
      heldOut: [],
      mined,
      services,
      listen: () => {},
      signal: new AbortController().signal,
    } as unknown as TrainOptions;
    sets.push((await trainingSetOf(options)).set);
  }
  return { sets, mined };
}

test('models that learn from the same pairs have the same negatives, mined once', async () => {
  const { sets, mined } = await setsOf(model('one'), model('two', { loss: 'margin-mse' }));
  expect(mined.size).toBe(1);
  expect(sets[1]).toEqual(sets[0]);
  const alone = await setsOf(model('two', { loss: 'margin-mse' }));
  expect(alone.sets[0]).toEqual(sets[0]);
});

test('another number of negatives, or another order of pairs, is mined anew', async () => {
  const { mined } = await setsOf(
    model('one'),
    model('more', { negativesPerQuery: 6 }),
    model('in-order', { shuffle: false }),
  );
  expect(mined.size).toBe(3);
});
