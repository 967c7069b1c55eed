import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parameterShapes } from '../../../src/base/bertShape.ts';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import { createTrainer } from '../../../src/gpu/training/trainer.ts';
import { trainSchema } from '../../../src/lab/spec/spec.ts';
import { randomParameter } from '../../../src/lab/training/initialise.ts';

import { bytesOf, trainingCost } from '../../../src/lab/training/trainingCost.ts';

import { testSession } from '../../support/device.ts';

const shape = {
  vocabulary: 900,
  hidden: 32,
  layers: 2,
  heads: 4,
  intermediate: 128,
  positions: 24,
  types: 2,
  epsilon: 1e-12,
};

let session: DeviceSession;
beforeAll(async () => {
  session = await testSession();
});
afterAll(() => session.dispose());

/** Bytes of storage that a trainer makes for one step of texts as long as they may be. */
async function allocated(batchSize: number, miniBatchSize: number): Promise<number> {
  const made = vi.spyOn(session.device, 'createBuffer');
  const trainer = await createTrainer(session, {
    shape,
    weights: new Map(
      parameterShapes(shape).map((one) => [one.name, { shape: one.shape, data: randomParameter(one, 1, 0) }]),
    ),
    configuration: defaultLaunchConfiguration(true),
    optimiser: { weightDecay: 0.01, maxGradNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    scale: 20,
    dropout: 0,
    seed: 1,
    miniBatchSize,
  });
  let word = 0;
  const texts = (count: number) =>
    Array.from({ length: count }, () =>
      Int32Array.from({ length: shape.positions }, () => word++ % shape.vocabulary),
    );
  trainer.step({ queries: texts(batchSize), documents: texts(2 * batchSize) }, 1e-3, 0);
  await trainer.settle();
  const bytes = made.mock.calls.reduce(
    (sum, [{ size, usage }]) => sum + (usage & GPUBufferUsage.STORAGE ? size : 0),
    0,
  );
  made.mockRestore();
  trainer.destroy();
  return bytes;
}

test.each([
  [8, 24],
  [16, 4],
])('what training takes is told before: batch %i, %i texts at once', async (batchSize, miniBatchSize) => {
  const train = trainSchema.parse({ name: 'a', batchSize, miniBatchSize, negativesPerQuery: 1, layers: 2 });
  const ratio = (await allocated(batchSize, miniBatchSize)) / bytesOf(trainingCost(shape, train));
  // Beside what is told there are the pooled vectors, the scores and tables of where tokens go.
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.2);
});

test('memory of activations depends on the texts at once, not on the batch', () => {
  const at = (batchSize: number) =>
    trainingCost({ ...shape, vocabulary: 4 }, trainSchema.parse({ name: 'a', batchSize, miniBatchSize: 8 }));
  expect(at(64)).toEqual({ ...at(512), name: 'a' });
  expect(at(64).parameters).toBe(at(64).weights / 4);
  expect(at(64).moments).toBe(2 * at(64).weights);
});
