import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
} from '../../../src/gpu/launchConfiguration.ts';
import { Trainer, type TrainingBatch } from '../../../src/gpu/training/trainer.ts';
import { type NamedTensor, readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import {
  optimiserOf,
  type ReferenceSteps,
  referenceRows,
  referenceShape,
} from '../../support/trainingReference.ts';

const base = '/test/reference/training/';
const tensorsOf = async (file: string): Promise<Map<string, NamedTensor>> =>
  readSafetensors(new Uint8Array(await (await fetch(base + file)).arrayBuffer()), file);

const shape = referenceShape;

let session: DeviceSession;
let weights: Map<string, NamedTensor>;
let batches: Map<string, NamedTensor>;
let values: Map<string, NamedTensor>;
let expected: ReferenceSteps;

beforeAll(async () => {
  session = await testSession();
  weights = await tensorsOf('model.safetensors');
  batches = await tensorsOf('batches.safetensors');
  values = await tensorsOf('expected.safetensors');
  expected = (await (await fetch(`${base}expected.json`)).json()) as ReferenceSteps;
});
afterAll(() => session.dispose());

const rowsOf = (step: number, part: string): Int32Array[] => referenceRows(batches, step, part);

/** A few roundings of 2^-11 one behind another. */
const halfDigits = 0.01;

function batchOf(step: number): TrainingBatch {
  return {
    queries: rowsOf(step, 'query'),
    documents: [...rowsOf(step, 'positive'), ...rowsOf(step, 'negative')],
  };
}

function trainer(configuration: LaunchConfiguration, miniBatchSize: number, pageBytes?: number): Trainer {
  return new Trainer(session, {
    shape,
    weights,
    configuration,
    optimiser: optimiserOf(expected),
    scale: expected.scale,
    dropout: 0,
    seed: 1,
    miniBatchSize,
    pageBytes,
  });
}

test('with products of float16 values, four steps stay as near to PyTorch as those have digits', async () => {
  const trained = trainer(defaultLaunchConfiguration(false, 'fp16'), 7);
  const exact = trainer(defaultLaunchConfiguration(false), 7);
  const texts = batchOf(0).queries;
  expect(await trained.embed(texts)).toEqual(await exact.embed(texts));
  exact.destroy();
  for (const [step, { learning_rate, loss, grad_norm }] of expected.steps.entries()) {
    const batch = batchOf(step);
    trained.step(batch, learning_rate, step);
    const [stats] = await trained.stats([step]);
    expect(Math.abs(stats!.loss - loss)).toBeLessThanOrEqual(halfDigits * loss);
    expect(Math.abs(stats!.gradNorm - grad_norm)).toBeLessThanOrEqual(halfDigits * grad_norm);
    expect(stats!.gradNorm).not.toBe(Math.fround(grad_norm));
    for (const [name, gradient] of await trained.gradients()) {
      if (name.endsWith('key.bias')) continue;
      const right = values.get(`step${step}.grad.${name}`)!.data;
      const off = Math.hypot(...gradient.map((value, i) => value - right[i]!));
      expect(off, `gradient of ${name}`).toBeLessThanOrEqual(halfDigits * Math.hypot(...right));
    }
  }
  trained.destroy();
});

const plans: readonly (readonly [string, LaunchConfiguration])[] = [
  ['as on a processor', defaultLaunchConfiguration(true)],
  ['as on a GPU', defaultLaunchConfiguration(false)],
];

describe.each(plans)('four steps of PyTorch, kernels laid out %s', (_, plan) => {
  test.each([
    ['whole', 1000, undefined],
    ['in mini-batches of 2', 2, undefined],
    ['with the word table in pages', 7, 64 * 4 * shape.hidden],
  ])('batch %s', async (__, miniBatchSize, pageBytes) => {
    const trained = trainer(plan, miniBatchSize, pageBytes);
    for (const [step, { learning_rate, loss, grad_norm }] of expected.steps.entries()) {
      const batch = batchOf(step);
      trained.step(batch, learning_rate, step);
      const [stats] = await trained.stats([step]);
      expect(Math.abs(stats!.loss - loss)).toBeLessThanOrEqual(1e-5);
      expect(Math.abs(stats!.gradNorm - grad_norm)).toBeLessThanOrEqual(1e-4 * grad_norm);
      expect(stats!.taken).toBe(true);

      const pooled = await trained.pooled(batch.queries.length, batch.documents.length);
      const parts = ['query', 'positive', 'negative'].map(
        (part) => values.get(`step${step}.${part}.pooled`)!,
      );
      expect(pooled).toBeAllclose(Float32Array.from(parts.flatMap(({ data }) => [...data])), { atol: 1e-5 });

      for (const [name, gradient] of await trained.gradients()) {
        const right = values.get(`step${step}.grad.${name}`)!.data;
        const norm = Math.hypot(...right);
        if (name.endsWith('key.bias')) {
          // Softmax does not see it: the gradient is 0, and what the reference has of it is rounding.
          expect(norm).toBeLessThan(1e-6 * grad_norm);
          expect(Math.hypot(...gradient)).toBe(0);
          continue;
        }
        const off = Math.hypot(...gradient.map((value, i) => value - right[i]!));
        expect(off, `gradient of ${name}`).toBeLessThanOrEqual(1e-4 * norm);
      }
      for (const [name, { data }] of await trained.weights()) {
        // Of the keys' biases AdamW makes steps of the reference's rounding, which nobody can repeat.
        if (name.endsWith('key.bias')) expect(data, name).toEqual(weights.get(name)!.data);
        else expect(data, name).toBeAllclose(values.get(`step${step}.after.${name}`)!.data, { atol: 1e-5 });
      }
    }
    trained.destroy();
  });
});
