import { expect, test, vi } from 'vitest';
import { Cancelled } from '../../../src/base/userError.ts';
import type { Trainer } from '../../../src/gpu/training/trainer.ts';
import { TrainingRun } from '../../../src/lab/pipeline/trainingRun.ts';
import type { TrainOptions } from '../../../src/lab/pipeline/trainOptions.ts';
import type { KeptTraining, OpenedCheckpoint } from '../../../src/lab/training/keptTraining.ts';
import { TrainingPlan } from '../../../src/lab/training/trainingPlan.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder } from '../../support/fakeModel.ts';
import { fakeServices } from '../../support/fakeServices.ts';
import { madeIdentity, madeTraining } from '../../support/training.ts';

const { train, spec, initial, set } = madeIdentity();
const plan = new TrainingPlan(set, { ...train, seed: spec.seed, steps: 3 });
const { weights, optimiser } = madeTraining(0, 1);

/** A place for one checkpoint. */
function memoryCheckpoint(): OpenedCheckpoint {
  let kept: KeptTraining | null = null;
  return {
    read: () => Promise.resolve(kept),
    async write(one) {
      kept = structuredClone(one);
    },
    async remove() {
      kept = null;
    },
  };
}

/** A run whose device answers at once. @param change of its options @param embed what the device embeds texts by */
function made(
  checkpoint: OpenedCheckpoint,
  change: Partial<TrainOptions> = {},
  embed: Trainer['embed'] = () => Promise.reject(new Error('This run does not search.')),
) {
  const device = { steps: 0 };
  const trainer = {
    step: () => void device.steps++,
    timedStep: () => void device.steps++,
    stats: (of: readonly number[]) =>
      Promise.resolve(of.map((step) => ({ loss: 1 / (step + 1), gradNorm: 1, taken: true }))),
    embed,
    weights: () => Promise.resolve(weights),
    optimiserState: () => Promise.resolve(optimiser),
    load: () => {},
    destroy: () => {},
  } as unknown as Trainer;
  const { training, comparison } = fakeServices({
    createTrainer: () => Promise.resolve({ trainer, adapter: 'a test', rounding: '' }),
    openCheckpoint: () => Promise.resolve(checkpoint),
  });
  const running = new TrainingRun(
    {
      train,
      spec,
      heldOut: [],
      mined: new Map(),
      services: training,
      teachers: comparison,
      listen: () => {},
      signal: new AbortController().signal,
      ...change,
    },
    { initial, encoder: characterEncoder, set, plan, teacher: null },
  );
  return { running, device };
}

/** Trains to the end. @returns the row, but for its time, and how many steps the device made */
async function run(checkpoint: OpenedCheckpoint, hold?: TrainOptions['hold']) {
  const { running, device } = made(checkpoint, { hold });
  await running.start();
  await running.train();
  const { row } = await running.finish();
  running.close();
  return { row: { ...row, seconds: 0 }, steps: device.steps };
}

test('a training that has ended is not trained again while the run that it is part of goes on', async () => {
  const checkpoint = memoryCheckpoint();
  let remove: (() => Promise<void>) | undefined;
  const first = await run(checkpoint, (given) => {
    remove = given;
  });
  expect(first.steps).toBe(3);
  expect(await run(checkpoint, () => {})).toEqual({ row: first.row, steps: 0 });
  await remove?.();
  expect(await checkpoint.read()).toBeNull();
});

test('a training by itself leaves no checkpoint when it has ended', async () => {
  const checkpoint = memoryCheckpoint();
  await run(checkpoint);
  expect(await checkpoint.read()).toBeNull();
});

test('the time of a search is none of the training’s, also where the search is cancelled', async () => {
  let now = 1000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const checkpoint = memoryCheckpoint();
  let searches = 0;
  const { running } = made(
    checkpoint,
    { train: { ...train, evaluateEvery: 2 }, heldOut: [madeCollection('one', 2, 3)] },
    (rows) => {
      now += 60_000;
      // A search embeds documents, then queries; the third call is of the one after two steps.
      if (++searches > 2) return Promise.reject(new Cancelled());
      return Promise.resolve(new Float32Array(rows.length * initial.shape.hidden).fill(1));
    },
  );
  try {
    await running.start();
    await expect(running.train()).rejects.toThrow('Cancelled');
    await running.keepCheckpoint();
    expect(searches).toBe(3);
    expect(await checkpoint.read()).toMatchObject({ step: 2, seconds: 0 });
  } finally {
    clock.mockRestore();
    running.close();
  }
});
