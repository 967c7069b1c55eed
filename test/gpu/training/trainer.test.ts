import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EncoderShape, parameterShapes, sizeOf } from '../../../src/base/bertShape.ts';
import { isUserError } from '../../../src/base/userError.ts';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
} from '../../../src/gpu/launchConfiguration.ts';
import type { TokenRow } from '../../../src/gpu/training/pack.ts';
import type { NamedValues } from '../../../src/gpu/training/parameters.ts';
import {
  createTrainer,
  requireFinite,
  type Trainer,
  type TrainerOptions,
  type TrainingBatch,
} from '../../../src/gpu/training/trainer.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';

const even: EncoderShape = {
  vocabulary: 61,
  hidden: 24,
  layers: 2,
  heads: 3,
  intermediate: 40,
  positions: 16,
  types: 2,
  epsilon: 1e-12,
};
/** Nothing a multiple of 4. */
const odd: EncoderShape = { ...even, vocabulary: 37, hidden: 21, intermediate: 31, layers: 1 };

let session: DeviceSession;
beforeAll(async () => {
  session = await testSession();
});
afterAll(() => session.dispose());

function randomWeights(random: FreshRandom, shape: EncoderShape): NamedValues {
  return new Map(
    parameterShapes(shape).map((one) => {
      const spread = one.name.includes('LayerNorm') ? 0.3 : 0.2;
      const around = one.name.endsWith('LayerNorm.weight') ? 1 : 0;
      return [
        one.name,
        { shape: one.shape, data: random.normal(sizeOf(one.shape)).map((v) => around + spread * v) },
      ];
    }),
  );
}

function rows(random: FreshRandom, shape: EncoderShape, count: number): TokenRow[] {
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: random.int(1, shape.positions) }, () => random.int(0, shape.vocabulary - 1)),
  );
}

function randomBatch(random: FreshRandom, shape: EncoderShape): TrainingBatch {
  return { queries: rows(random, shape, 4), documents: rows(random, shape, 9) };
}

const optimiser = { weightDecay: 0.01, maxGradNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

function trainer(
  weights: NamedValues,
  shape: EncoderShape = even,
  options: Partial<TrainerOptions> = {},
  configuration: LaunchConfiguration = defaultLaunchConfiguration(true),
): Promise<Trainer> {
  const given = {
    shape,
    weights,
    configuration,
    optimiser,
    scale: 20,
    dropout: 0.1,
    seed: 7,
    miniBatchSize: 5,
  };
  return createTrainer(session, { ...given, ...options });
}

function bytesOf(values: NamedValues): string {
  return [...values].map(([name, { data }]) => `${name} ${new Uint32Array(data.buffer).join()}`).join('\n');
}

const names: readonly (readonly [string, EncoderShape])[] = [
  ['even', even],
  ['odd', odd],
];

describe.each(names)('an encoder of %s sizes', (_, shape) => {
  test('has the same gradient with dropout whatever its mini-batches', async () => {
    const random = freshRandom();
    const weights = randomWeights(random, shape);
    const batch = randomBatch(random, shape);
    const whole = await trainer(weights, shape, { miniBatchSize: 100 });
    whole.step(batch, 0, 3);
    const right = await whole.gradients();
    for (const cut of [{ miniBatchSize: 1 }, { miniBatchSize: 100, miniBatchTokens: 40 }]) {
      const other = await trainer(weights, shape, cut);
      other.step(batch, 0, 3);
      for (const [name, gradient] of await other.gradients()) {
        const expected = right.get(name)!;
        expect(gradient, name).toBeAllclose(expected, { atol: 2e-6 * (1 + Math.hypot(...expected)) });
      }
      other.destroy();
    }
    whole.destroy();
  });

  test('has the slope of its loss, with dropout, as its gradient', async () => {
    const random = freshRandom();
    const weights = randomWeights(random, shape);
    const batch = randomBatch(random, shape);
    const trained = await trainer(weights, shape);
    const state = await trained.optimiserState();
    trained.step(batch, 0, 5);
    const gradients = await trained.gradients();
    const norm = Math.hypot(...[...gradients.values()].map((data) => Math.hypot(...data)));
    const lossAt = async (distance: number): Promise<number> => {
      const moved = new Map(
        [...weights].map(([name, { shape: own, data }]) => {
          const gradient = gradients.get(name)!;
          return [name, { shape: own, data: data.map((v, i) => v + (distance * gradient[i]!) / norm) }];
        }),
      );
      trained.load(moved, state);
      trained.step(batch, 0, 5);
      return (await trained.stats([5]))[0]!.loss;
    };
    // Far enough for float32, near enough for a straight line.
    const distance = 0.01 / norm;
    const slope = ((await lossAt(distance)) - (await lossAt(-distance))) / (2 * distance);
    expect(Math.abs(slope / norm - 1)).toBeLessThan(0.02);
    trained.destroy();
  });

  test('embeds without dropout, as many texts as there are, each as if alone', async () => {
    const random = freshRandom();
    const trained = await trainer(randomWeights(random, shape), shape, { miniBatchSize: 64 });
    const texts = rows(random, shape, 530);
    const all = await trained.embed(texts);
    for (const at of [0, 63, 64, 511, 512, 529]) {
      const alone = await trained.embed([texts[at]!]);
      expect(all.slice(at * shape.hidden, (at + 1) * shape.hidden)).toBeAllclose(alone, { atol: 1e-6 });
    }
    trained.destroy();
  });
});

test('two runs with dropout give the same bits, and so does one that was stopped and resumed', async () => {
  const random = freshRandom();
  const weights = randomWeights(random, even);
  const batches = Array.from({ length: 20 }, () => randomBatch(random, even));
  const run = (given: Trainer, from: number, to: number): void => {
    for (let step = from; step < to; step++) given.step(batches[step]!, 1e-3, step);
  };
  const first = await trainer(weights);
  run(first, 0, 20);
  const right = bytesOf(await first.weights());
  expect(right).not.toBe(bytesOf(weights));

  const second = await trainer(weights);
  run(second, 0, 10);
  const [middle, state] = [await second.weights(), await second.optimiserState()];
  run(second, 10, 20);
  expect(bytesOf(await second.weights())).toBe(right);

  const resumed = await trainer(weights);
  resumed.load(middle, state);
  run(resumed, 10, 20);
  expect(bytesOf(await resumed.weights())).toBe(right);
  for (const one of [first, second, resumed]) one.destroy();
});

test('another seed or step drops other values', async () => {
  const random = freshRandom();
  const weights = randomWeights(random, even);
  const batch = randomBatch(random, even);
  const losses: number[] = [];
  for (const [seed, step] of [
    [1, 0],
    [1, 1],
    [2, 0],
  ] as const) {
    const one = await trainer(weights, even, { seed });
    one.step(batch, 0, step);
    losses.push((await one.stats([step]))[0]!.loss);
    one.destroy();
  }
  expect(new Set(losses).size).toBe(3);
});

test('the loss falls on a batch that comes again and again', async () => {
  const random = freshRandom();
  const batch = randomBatch(random, even);
  // A dropout mask alone can double a loss.
  const trained = await trainer(randomWeights(random, even), even, { dropout: 0 });
  for (let step = 0; step < 40; step++) trained.step(batch, 3e-3, step);
  const stats = await trained.stats([0, 39]);
  expect(stats[1]!.loss).toBeLessThan(stats[0]!.loss / 10);
  trained.destroy();
});

test('a step that is not finite changes nothing and is told', async () => {
  const random = freshRandom();
  const weights = new Map(randomWeights(random, even));
  const name = 'encoder.layer.1.output.dense.bias';
  weights.set(name, {
    shape: [even.hidden],
    data: new Float32Array(even.hidden).fill(Number.POSITIVE_INFINITY),
  });
  const trained = await trainer(weights);
  trained.step(randomBatch(random, even), 1e-3, 0);
  const stats = await trained.stats([0]);
  expect(stats[0]!.taken).toBe(false);
  expect(() => requireFinite([0], stats)).toThrow(/step 0/);
  expect(bytesOf(await trained.weights())).toBe(bytesOf(weights));
  trained.destroy();
});

test('texts that do not fit are refused with a sentence', async () => {
  const random = freshRandom();
  const trained = await trainer(randomWeights(random, even));
  const good = Int32Array.of(1, 2);
  const failure = (bad: TokenRow): unknown => {
    try {
      trained.step({ queries: [good], documents: [bad] }, 1e-3, 0);
    } catch (error) {
      return error;
    }
    return null;
  };
  for (const bad of [new Int32Array(even.positions + 1), new Int32Array(0), Int32Array.of(even.vocabulary)]) {
    expect(isUserError(failure(bad))).toBe(true);
  }
  await expect(trained.stats([0])).rejects.toThrow(/not kept/);
  trained.destroy();
});

test('a lost device is told, not waited for', async () => {
  const random = freshRandom();
  const own = await testSession();
  const given = {
    configuration: defaultLaunchConfiguration(true),
    optimiser,
    scale: 20,
    dropout: 0,
    seed: 1,
    miniBatchSize: 4,
  };
  const trained = await createTrainer(own, { ...given, shape: odd, weights: randomWeights(random, odd) });
  trained.step(randomBatch(random, odd), 1e-3, 0);
  await trained.settle();
  own.device.destroy();
  expect((await trained.lost).message).toMatch(/GPU was lost/);
  await expect(trained.stats([0])).rejects.toThrow(/GPU was lost/);
});
