import * as Comlink from 'comlink';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { CheckpointWorker } from '../../support/checkpointWorker.ts';
import { madeTraining } from '../../support/training.ts';

const worker = new Worker(new URL('../../support/checkpointWorker.ts', import.meta.url), { type: 'module' });
const checkpoints = Comlink.wrap<CheckpointWorker>(worker);
afterAll(() => worker.terminate());
beforeEach(() => checkpoints.clear());

/** Tensors come back with their type's name, which says nothing here. */
function comparable(kept: Awaited<ReturnType<CheckpointWorker['read']>>): unknown {
  const plain = (
    values: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>,
  ) => [...values].map(([name, { shape, data }]) => [name, shape, data]);
  return (
    kept && {
      ...kept,
      weights: plain(kept.weights),
      optimiser: [plain(kept.optimiser.mean), plain(kept.optimiser.square)],
    }
  );
}

test('the latest checkpoint of a run comes back bit for bit', async () => {
  expect(await checkpoints.read('run', 1)).toBeNull();
  for (const step of [2, 5, 11]) await checkpoints.write('run', 1, madeTraining(step, step));
  expect(comparable(await checkpoints.read('run', 1))).toEqual(comparable(madeTraining(11, 11)));
  // Another name is the same run; another seed is not.
  expect((await checkpoints.read('renamed', 1))?.step).toBe(11);
  expect(await checkpoints.read('run', 2)).toBeNull();
});

test('the last two checkpoints are kept', async () => {
  for (const step of [2, 5, 11]) await checkpoints.write('run', 1, madeTraining(step, step));
  expect(await checkpoints.files()).toEqual([
    'run.json',
    'step-11.json',
    'step-11.safetensors',
    'step-5.json',
    'step-5.safetensors',
  ]);
});

test.each(['cut', 'change'] as const)(
  'a checkpoint that was %s is passed over for the one before',
  async (how) => {
    await checkpoints.write('run', 1, madeTraining(5, 5));
    await checkpoints.write('run', 1, madeTraining(11, 11));
    await checkpoints.damage('step-11.safetensors', how);
    expect(comparable(await checkpoints.read('run', 1))).toEqual(comparable(madeTraining(5, 5)));
  },
);

test('runs are listed with the spec that goes on with them, until they are removed', async () => {
  await checkpoints.write('b', 1, madeTraining(3, 1));
  await checkpoints.write('a', 2, madeTraining(4, 1));
  const runs = await checkpoints.list();
  expect(runs).toMatchObject([
    { name: 'a', step: 4, seconds: 6, spec: { seed: 2, train: [{ name: 'a' }] } },
    { name: 'b', step: 3, spec: { seed: 1 } },
  ]);
  expect(runs[0]!.bytes).toBeGreaterThan(1000);
  await checkpoints.remove('a', 2);
  expect((await checkpoints.list()).map(({ name }) => name)).toEqual(['b']);
  await checkpoints.clear();
  expect(await checkpoints.list()).toEqual([]);
});
