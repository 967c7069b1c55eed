import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import type { LossName } from '../../../src/gpu/training/losses/createLoss.ts';
import type { TeacherValues } from '../../../src/gpu/training/losses/loss.ts';
import { Trainer, type TrainingBatch } from '../../../src/gpu/training/trainer.ts';
import { type NamedTensor, readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import {
  optimiserOf,
  type ReferenceRecipe,
  referenceRows,
  referenceShape,
} from '../../support/trainingReference.ts';

const base = '/test/reference/';
const tensorsOf = async (file: string): Promise<Map<string, NamedTensor>> =>
  readSafetensors(new Uint8Array(await (await fetch(base + file)).arrayBuffer()), file);
const jsonOf = async <T>(file: string): Promise<T> => (await (await fetch(base + file)).json()) as T;

interface Expected {
  /** Of gradients and parameters every so-many-th value is kept. */
  readonly every: number;
  readonly scale: number;
  readonly temperature: number;
  readonly losses: Readonly<Record<string, readonly { readonly loss: number; readonly grad_norm: number }[]>>;
}

const shape = referenceShape;

let session: DeviceSession;
let weights: Map<string, NamedTensor>;
let batches: Map<string, NamedTensor>;
let recipe: ReferenceRecipe;
let expected: Expected;

beforeAll(async () => {
  session = await testSession();
  weights = await tensorsOf('training/model.safetensors');
  batches = await tensorsOf('training/batches.safetensors');
  recipe = await jsonOf('training/expected.json');
  expected = await jsonOf('losses/expected.json');
});
afterAll(() => session.dispose());

const rowsOf = (step: number, part: string): Int32Array[] => referenceRows(batches, step, part);

/** A loss with a teacher, or the usual one at every layer. */
type Case = Exclude<LossName, 'mnrl'> | 'adaptive';
const cases: readonly Case[] = ['mse', 'margin-mse', 'kl', 'adaptive'];

/** Positives, then each query's two negatives: its own, and the next step's positive at its place. */
function batchOf(step: number, loss: Case, values: Map<string, NamedTensor>): TrainingBatch {
  const queries = rowsOf(step, 'query');
  const own = rowsOf(step, 'negative');
  const other = rowsOf((step + 1) % recipe.steps.length, 'positive');
  const documents = [...rowsOf(step, 'positive'), ...own.flatMap((row, q) => [row, other[q]!])];
  if (loss === 'adaptive') return { queries, documents };
  const { data } = values.get(`step${step}.teacher`)!;
  const count = queries.length;
  return { queries, documents, teacher: loss === 'mse' ? vectorsOf(data, count) : scoresOf(data, count) };
}

/** From (batch, columns, C) to queries, positives, and each query's negatives. */
function vectorsOf(data: Float32Array, count: number): TeacherValues {
  const row = (query: number, column: number): Float32Array =>
    data.subarray((4 * query + column) * shape.hidden, (4 * query + column + 1) * shape.hidden);
  const each = Array.from({ length: count }, (_, query) => query);
  const rows = [
    ...each.map((query) => row(query, 0)),
    ...each.map((query) => row(query, 1)),
    ...each.flatMap((query) => [row(query, 2), row(query, 3)]),
  ];
  return { kind: 'vectors', vectors: Float32Array.from(rows.flatMap((one) => [...one])) };
}

function scoresOf(data: Float32Array, count: number): TeacherValues {
  const each = Array.from({ length: count }, (_, query) => query);
  return {
    kind: 'scores',
    candidates: each.map((query) => [query, count + 2 * query, count + 2 * query + 1]),
    scores: each.map((query) => [...data.subarray(3 * query, 3 * query + 3)]),
  };
}

function trainer(loss: Case, miniBatchSize: number, dropout = 0): Trainer {
  return new Trainer(session, {
    shape,
    weights,
    configuration: defaultLaunchConfiguration(true),
    optimiser: optimiserOf(recipe),
    loss: loss === 'adaptive' ? 'mnrl' : loss,
    adaptiveLayers: loss === 'adaptive',
    scale: expected.scale,
    temperature: expected.temperature,
    dropout,
    seed: 1,
    miniBatchSize,
  });
}

const sampled = (data: Float32Array): Float32Array => data.filter((_, at) => at % expected.every === 0);

describe.each(cases)('%s', (loss) => {
  test.each([
    ['whole', 1000],
    ['in mini-batches of 3', 3],
  ])('four steps of PyTorch, batch %s', async (_, miniBatchSize) => {
    const values = await tensorsOf(`losses/${loss}.safetensors`);
    const trained = trainer(loss, miniBatchSize);
    for (const [step, { learning_rate }] of recipe.steps.entries()) {
      const right = expected.losses[loss]![step]!;
      trained.step(batchOf(step, loss, values), learning_rate, step);
      const [stats] = await trained.stats([step]);
      expect(Math.abs(stats!.loss - right.loss)).toBeLessThanOrEqual(1e-5);
      expect(Math.abs(stats!.gradNorm - right.grad_norm)).toBeLessThanOrEqual(1e-4 * right.grad_norm);
      if (!values.has(`step${step}.grad.embeddings.word_embeddings.weight`)) continue;
      for (const [name, gradient] of await trained.gradients()) {
        // Softmax does not see it: the gradient is 0, and what the reference has of it is rounding.
        if (name.endsWith('key.bias')) continue;
        const its = values.get(`step${step}.grad.${name}`)!.data;
        const off = Math.hypot(...sampled(gradient).map((value, i) => value - its[i]!));
        expect(off, `gradient of ${name} at step ${step}`).toBeLessThanOrEqual(1e-4 * Math.hypot(...its));
      }
    }
    for (const [name, { data }] of await trained.weights()) {
      if (name.endsWith('key.bias')) continue;
      expect(sampled(data), name).toBeAllclose(values.get(`after.${name}`)!.data, { atol: 1e-5 });
    }
    trained.destroy();
  });

  test('the same bytes twice with dropout, and from the middle on', async () => {
    const values = await tensorsOf(`losses/${loss}.safetensors`);
    const run = (given: Trainer, from: number, to: number): void => {
      for (let step = from; step < to; step++) given.step(batchOf(step, loss, values), 1e-3, step);
    };
    const bytesOf = async (given: Trainer): Promise<string> =>
      [...(await given.weights()).values()]
        .map(({ data }) => new Uint32Array(data.slice().buffer).join())
        .join();
    const first = trainer(loss, 4, 0.1);
    run(first, 0, 2);
    const [middle, state] = [await first.weights(), await first.optimiserState()];
    run(first, 2, 4);
    const again = trainer(loss, 4, 0.1);
    run(again, 0, 4);
    const resumed = trainer(loss, 4, 0.1);
    resumed.load(middle, state);
    run(resumed, 2, 4);
    const right = await bytesOf(first);
    expect(await bytesOf(again)).toBe(right);
    expect(await bytesOf(resumed)).toBe(right);
    for (const one of [first, again, resumed]) one.destroy();
  });
});
