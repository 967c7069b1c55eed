import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EncoderShape, parameterShapes, sizeOf } from '../../../src/base/bertShape.ts';
import { Optimiser } from '../../../src/gpu/training/optimiser.ts';
import { Parameters } from '../../../src/gpu/training/parameters.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterAll(() => bed.session.dispose());

const settings = { weightDecay: 0.1, maxGradNorm: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };
const words = 'embeddings.word_embeddings.weight';

interface State {
  readonly weight: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

function randomValues(random: FreshRandom, shape: EncoderShape) {
  return new Map(
    parameterShapes(shape).map(
      (one) => [one.name, { shape: one.shape, data: random.normal(sizeOf(one.shape)) }] as const,
    ),
  );
}

/** AdamW as PyTorch writes it, in float64. */
function update(
  name: string,
  state: State,
  gradient: ArrayLike<number>,
  factor: number,
  rate: number,
  t: number,
) {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const decay = name.endsWith('bias') || name.includes('LayerNorm') ? 0 : weightDecay;
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i]! * factor;
    state.mean[i] = beta1 * state.mean[i]! + (1 - beta1) * g;
    state.square[i] = beta2 * state.square[i]! + (1 - beta2) * g * g;
    const m = state.mean[i]! / (1 - beta1 ** t);
    const v = state.square[i]! / (1 - beta2 ** t);
    state.weight[i] = state.weight[i]! * (1 - rate * decay) - (rate * m) / (Math.sqrt(v) + epsilon);
  }
}

test.each([
  ['clipped', 1, { hidden: 20, heads: 2, intermediate: 152 }, 1],
  ['small enough as it is', 1e-4, { hidden: 18, heads: 3, intermediate: 7 }, 1],
  ['given 1024 times as large', 1e-4, { hidden: 18, heads: 3, intermediate: 7 }, 1024],
])('three steps of AdamW, the gradient %s', async (_, size, sizes, enlarged) => {
  const random = freshRandom();
  const shape = { vocabulary: 91, layers: 2, positions: 9, types: 2, epsilon: 1e-12, ...sizes };
  const { session } = bed;
  const { device } = session;
  // Pages of 32 rows, so that the word table has three.
  const parameters = new Parameters(session, shape, 32 * 4 * shape.hidden);
  const optimiser = new Optimiser(bed.pass, parameters, settings);
  const given = randomValues(random, shape);
  parameters.write('weights', given);
  const states = new Map<string, State>(
    [...given].map(([name, { data }]) => [
      name,
      {
        weight: Float64Array.from(data),
        mean: new Float64Array(data.length),
        square: new Float64Array(data.length),
      },
    ]),
  );
  for (let step = 0; step < 3; step++) {
    const touched = Array.from({ length: shape.vocabulary }, (__, id) => id).filter(
      () => random.uniform() < 0.3,
    );
    const slots = new Uint32Array(shape.vocabulary).fill(0xffffffff);
    for (const [slot, id] of touched.entries()) slots[id] = slot;
    const gradients = new Map(
      [...randomValues(random, shape)].map(([name, { data }]) => [name, data.map((v) => size * v)]),
    );
    gradients.get(words)!.forEach((__, i, all) => {
      if (slots[Math.floor(i / shape.hidden)] === 0xffffffff) all[i] = 0;
    });
    for (const block of parameters.blocks) {
      for (const { name, at } of block.places) {
        const given = gradients.get(name)!.map((v) => v * enlarged);
        device.queue.writeBuffer(block.buffer('gradient'), 4 * at, given);
      }
    }
    const rows = touched.flatMap((id) => [
      ...gradients.get(words)!.subarray(id * shape.hidden, (id + 1) * shape.hidden),
    ]);
    const losses = random.normal(5);
    const learningRate = 0.01 * (step + 1);
    optimiser.record({
      step,
      learningRate,
      losses: bed.put(losses),
      queries: losses.length,
      words: {
        gradient: bed.put(Float32Array.from(rows, (v) => v * enlarged)),
        count: touched.length,
        slots: bed.put(slots),
      },
      lossScale: enlarged,
    });
    await bed.submit();

    const norm = Math.hypot(...[...gradients.values()].map((data) => Math.hypot(...data)));
    const [stats] = await optimiser.stats([step]);
    expect(stats!.taken).toBe(true);
    expect(Math.abs(stats!.gradNorm / norm - 1)).toBeLessThan(1e-6);
    expect(Math.abs(stats!.loss - losses.reduce((sum, one) => sum + one, 0) / 5)).toBeLessThan(1e-6);
    const factor = Math.min(1, settings.maxGradNorm / (norm + 1e-6));
    expect(factor < 1).toBe(size === 1);
    for (const [name, state] of states) {
      update(name, state, gradients.get(name)!, factor, learningRate, step + 1);
    }
  }
  for (const [role, key] of [
    ['weights', 'weight'],
    ['mean', 'mean'],
    ['square', 'square'],
  ] as const) {
    for (const [name, { data }] of await parameters.read(role)) {
      expect(data, `${role} of ${name}`).toBeAllclose(states.get(name)![key], { atol: 2e-6, rtol: 2e-6 });
    }
  }
  optimiser.destroy();
  parameters.destroy();
  bed.clear();
});
