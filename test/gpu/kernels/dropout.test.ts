import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { layerNorm } from '../../../src/gpu/kernels/layerNorm/layerNorm.ts';
import type { Dropout } from '../../../src/gpu/kernels/shared/dropout.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { type TestTexts, testTexts } from '../../support/texts.ts';
import { factor, pcg4d } from './float64/dropout.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

/** Factors as a kernel applies them: a LayerNorm whose output is 1 everywhere, with dropout behind it. */
async function mask(texts: TestTexts, columns: number, dropout: Dropout): Promise<Float32Array> {
  const { tokenCount } = texts.onDevice;
  const y = bed.empty(tokenCount * columns);
  const operands = {
    x: bed.zeros(tokenCount * columns),
    gamma: bed.zeros(columns),
    beta: bed.put(new Float32Array(columns).fill(1)),
    y,
    moments: bed.empty(2 * tokenCount),
  };
  layerNorm(bed.pass.with({ lanes: 1 }), texts.onDevice, { columns, epsilon: 1e-12, ...operands, dropout });
  await bed.submit();
  return await bed.read(y, tokenCount * columns);
}

test.each([96, 30])('masks of %i columns are those of the counters alone', async (columns) => {
  const random = freshRandom();
  const texts = testTexts(bed, random, [3, 17, 8]);
  const dropout = { rate: 0.1, key: random.int(0, 2 ** 32 - 1), site: 9 };
  const got = await mask(texts, columns, dropout);
  const right = Float64Array.from(got, (_, i) =>
    factor(dropout, texts.keys[Math.floor(i / columns)]!, i % columns),
  );
  expect(got).toBeAllclose(right, { atol: 1e-6 });
  expect(await mask(texts, columns, dropout)).toEqual(got);
});

test('masks have the right mean and variance, and differ by step, place and token', async () => {
  const random = freshRandom();
  const texts = testTexts(bed, random, Array(30).fill(20));
  const columns = 128;
  const rate = 0.1;
  const key = random.int(0, 2 ** 32 - 1);
  const masks = [
    await mask(texts, columns, { rate, key, site: 1 }),
    await mask(texts, columns, { rate, key, site: 2 }),
    await mask(texts, columns, { rate, key: (key + 1) >>> 0, site: 1 }),
  ];
  const count = masks[0]!.length;
  const variance = rate / (1 - rate);
  for (const one of masks) {
    const mean = one.reduce((sum, value) => sum + value, 0) / count;
    // Six standard errors: wrong once in a billion runs.
    expect(Math.abs(mean - 1)).toBeLessThan(6 * Math.sqrt(variance / count));
    const spread = one.reduce((sum, value) => sum + (value - 1) ** 2, 0) / count;
    expect(Math.abs(spread - variance)).toBeLessThan(0.05 * variance);
  }
  const correlation = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + (value - 1) * (b[i]! - 1), 0) / count / variance;
  const least = 6 / Math.sqrt(count);
  expect(Math.abs(correlation(masks[0]!, masks[1]!))).toBeLessThan(least);
  expect(Math.abs(correlation(masks[0]!, masks[2]!))).toBeLessThan(least);
  const shifted = new Float32Array(count);
  shifted.set(masks[0]!.subarray(columns));
  shifted.set(masks[0]!.subarray(0, columns), count - columns);
  expect(Math.abs(correlation(masks[0]!, shifted))).toBeLessThan(least);
});

test('the hash takes every bit of its counters into account', () => {
  const random = freshRandom();
  const counter = Array.from({ length: 4 }, () => random.int(0, 2 ** 32 - 1)) as [
    number,
    number,
    number,
    number,
  ];
  const hash = pcg4d(counter);
  for (let word = 0; word < 4; word++) {
    for (let bit = 0; bit < 32; bit++) {
      const other = [...counter] as typeof counter;
      other[word] = (other[word]! ^ (1 << bit)) >>> 0;
      expect(pcg4d(other)).not.toEqual(hash);
    }
  }
});
