import { expect, test } from 'vitest';
import type { Trainer } from '../../../src/gpu/training/trainer.ts';
import { TrainingRun } from '../../../src/lab/pipeline/trainingRun.ts';
import type { TrainOptions } from '../../../src/lab/pipeline/trainOptions.ts';
import type { KeptTraining, OpenedCheckpoint } from '../../../src/lab/training/keptTraining.ts';
import { TrainingPlan } from '../../../src/lab/training/trainingPlan.ts';
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

/** Trains to the end. @returns the row, but for its time, and how many steps the device made */
async function run(checkpoint: OpenedCheckpoint, hold?: TrainOptions['hold']) {
  let steps = 0;
  const trainer = {
    step: () => void steps++,
    timedStep: () => void steps++,
    stats: (of: readonly number[]) =>
      Promise.resolve(of.map((step) => ({ loss: 1 / (step + 1), gradNorm: 1, taken: true }))),
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
      hold,
      listen: () => {},
      signal: new AbortController().signal,
    },
    { initial, encoder: characterEncoder, set, plan, teacher: null },
  );
  await running.start();
  await running.train();
  const { row } = await running.finish();
  running.close();
  return { row: { ...row, seconds: 0 }, steps };
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
