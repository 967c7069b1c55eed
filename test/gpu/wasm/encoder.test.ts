import { expect, test } from 'vitest';
import { type EncoderShape, parameterShapes, sizeOf } from '../../../src/base/bertShape.ts';
import type { Texts } from '../../../src/wasm/encoder/batch.ts';
import { Encoder } from '../../../src/wasm/encoder/encoder.ts';
import '../../support/allclose.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';

const shape: EncoderShape = {
  vocabulary: 31,
  hidden: 24,
  layers: 3,
  heads: 2,
  intermediate: 40,
  positions: 130,
  types: 2,
  epsilon: 1e-12,
};
const layers = [0, 1, 3];

function randomParameters(random: FreshRandom): (name: string) => Float32Array {
  const values = new Map(
    parameterShapes(shape).map(({ name, shape: size }) => [name, random.normal(sizeOf(size))]),
  );
  return (name) => values.get(name)!;
}

function randomTexts(random: FreshRandom, lengths: readonly number[]): Texts {
  const ids = lengths.flatMap((length) =>
    Array.from({ length }, (_, token) => [
      random.int(0, shape.vocabulary - 1),
      token,
      random.int(0, 1),
    ]).flat(),
  );
  const total = ids.length / 3;
  return {
    lengths: Int32Array.from(lengths),
    ids: Int32Array.from(ids),
    weights: random.normal(total).map(Math.abs),
  };
}

/** The texts [first, last) alone. */
function part({ lengths, ids, weights }: Texts, first: number, last: number): Texts {
  const token = (text: number): number => lengths.subarray(0, text).reduce((sum, length) => sum + length, 0);
  const [from, to] = [token(first), token(last)];
  return {
    lengths: lengths.slice(first, last),
    ids: ids.slice(3 * from, 3 * to),
    weights: weights.slice(from, to),
  };
}

const lengths = [1, 17, 130, 5, 64, 9, 33, 2, 128, 1, 40];

test('a text has the same vectors, to the last bit, on any number of threads and in any company', async () => {
  const random = freshRandom();
  const parameters = randomParameters(random);
  const texts = randomTexts(random, lengths);
  const opened = await Promise.all(
    [1, 2, 3].map((threads) => Encoder.open({ shape, parameters, layers, threads })),
  );
  const [alone, ...others] = await Promise.all(opened.map((encoder) => encoder.pooled(texts)));
  expect(alone!.length).toBe(lengths.length * layers.length * shape.hidden);
  expect(alone!.every(Number.isFinite)).toBe(true);
  for (const other of others) expect(other).toEqual(alone);
  const width = layers.length * shape.hidden;
  for (const [first, last] of [
    [0, 1],
    [2, 3],
    [4, 11],
  ] as const) {
    const few = await opened[1]!.pooled(part(texts, first, last));
    expect(few).toEqual(alone!.slice(first * width, last * width));
  }
  // Batches one after another, each larger than the last: memory grows, and the threads see it.
  const many = randomTexts(random, Array<number>(200).fill(130));
  expect(await opened[2]!.pooled(many)).toEqual(await opened[0]!.pooled(many));
  for (const encoder of opened) encoder.dispose();
});

test('both builds agree, and an early end gives what the whole gives', async () => {
  const random = freshRandom();
  const parameters = randomParameters(random);
  const texts = randomTexts(random, [3, 40, 7]);
  const open = async (build: 'plain' | 'relaxed', asked: readonly number[]): Promise<Float32Array> => {
    const encoder = await Encoder.open({ shape, parameters, layers: asked, threads: 1, build });
    return await encoder.pooled(texts);
  };
  const whole = await open('relaxed', [2, 3]);
  expect(await open('plain', [2, 3])).toBeAllclose(whole, { atol: 1e-3, rtol: 1e-3 });
  const early = await open('relaxed', [2]);
  for (let text = 0; text < 3; text++) {
    const at = text * 2 * shape.hidden;
    expect(early.subarray(text * shape.hidden, (text + 1) * shape.hidden)).toEqual(
      whole.subarray(at, at + shape.hidden),
    );
  }
});

test('an encoder of another kind is refused, and one thread that fails is told', async () => {
  const parameters = randomParameters(freshRandom());
  await expect(
    Encoder.open({ shape: { ...shape, hidden: 22 }, parameters, layers, threads: 1 }),
  ).rejects.toThrow('do not run encoders of this shape');
  const encoder = await Encoder.open({ shape, parameters, layers: [3], threads: 2 });
  // A word far behind the memory.
  const texts = { lengths: Int32Array.of(1), ids: Int32Array.of(2 ** 24, 0, 0), weights: Float32Array.of(1) };
  await expect(encoder.pooled(texts)).rejects.toThrow();
  encoder.dispose();
});
