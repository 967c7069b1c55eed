import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { layerNorm, layerNormGradient, stripFloats } from '../../../src/gpu/kernels/layerNorm/layerNorm.ts';
import type { Dropout } from '../../../src/gpu/kernels/shared/dropout.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';
import { testTexts } from '../../support/texts.ts';
import { expectCentralDifferences, weightedSum } from './float64/centralDifference.ts';
import { factor } from './float64/dropout.ts';
import { layerNormGradient as gradient64, layerNorm as layerNorm64 } from './float64/layerNorm.ts';

const epsilon = 1e-5;
/** 75 tokens: two strips and a bit. */
const lengths = [7, 1, 33, 18, 16];
const tolerance = { atol: 2e-5, rtol: 2e-5 };

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

function values(random: FreshRandom, rows: number, columns: number) {
  return {
    x: random.normal(rows * columns).map((v) => 3 * v + 1),
    gamma: random.normal(columns),
    beta: random.normal(columns),
  };
}

const dropoutOf = (random: FreshRandom, site: number): Dropout => ({
  rate: 0.25,
  key: random.int(0, 2 ** 32 - 1),
  site,
});

describe.each([
  [1, 48],
  [1, 21],
  [32, 76],
  [32, 37],
  [64, 5],
])('LayerNorm by %i invocations a row of %i columns', (lanes, columns) => {
  const pass = () => bed.pass.with({ lanes });

  test.each([false, true])('forward and back, pooled: %s', async (pooled) => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gamma, beta } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gamma: bed.put(gamma), beta: bed.put(beta) };
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    layerNorm(pass(), texts.onDevice, { columns, epsilon, ...buffers, y, moments, dropout: null });
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gamma: Float64Array.from(gamma),
      beta: Float64Array.from(beta),
    };

    const given = random.normal((pooled ? 2 * lengths.length : rows) * columns);
    const dy = new Float64Array(rows * columns);
    for (const [text, [first, length]] of texts.spans.entries()) {
      for (let i = 0; i < length * columns; i++) {
        const at = first * columns + i;
        dy[at] = pooled ? given[texts.batchRows[text]! * columns + (i % columns)]! / length : given[at]!;
      }
    }
    const before = random.normal(columns);
    const dx = bed.empty(rows * columns);
    const dGamma = bed.put(before);
    const dBeta = bed.put(before);
    layerNormGradient(pass(), texts.onDevice, {
      columns,
      dy: bed.put(given),
      pooled,
      behind: null,
      x: buffers.x,
      moments,
      gamma: buffers.gamma,
      dx,
      before: null,
      dGamma,
      dBeta,
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    expect(await bed.read(y, rows * columns)).toBeAllclose(layerNorm64(input), tolerance);
    const right = gradient64(input, dy);
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    const added = (sums: Float64Array): Float64Array => sums.map((sum, i) => sum + before[i]!);
    expect(await bed.read(dGamma, columns)).toBeAllclose(added(right.dGamma), { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dBeta, columns)).toBeAllclose(added(right.dBeta), { atol: 1e-4, rtol: 2e-5 });

    const value = (): number => weightedSum(layerNorm64(input), dy);
    expectCentralDifferences(random, value, input.x, right.dx, 'input');
    expectCentralDifferences(random, value, input.gamma, right.dGamma, 'gamma');
    expectCentralDifferences(random, value, input.beta, right.dBeta, 'beta');
  });

  test('with dropout behind it', async () => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gamma, beta } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gamma: bed.put(gamma), beta: bed.put(beta) };
    const behind = dropoutOf(random, 3);
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    layerNorm(pass(), texts.onDevice, { columns, epsilon, ...buffers, y, moments, dropout: behind });
    const dy = random.normal(rows * columns);
    const dx = bed.empty(rows * columns);
    const dGamma = bed.zeros(columns);
    const dBeta = bed.zeros(columns);
    layerNormGradient(pass(), texts.onDevice, {
      columns,
      dy: bed.put(dy),
      pooled: false,
      behind,
      x: buffers.x,
      moments,
      gamma: buffers.gamma,
      dx,
      before: null,
      dGamma,
      dBeta,
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gamma: Float64Array.from(gamma),
      beta: Float64Array.from(beta),
    };
    const masked = (_: number, i: number, all: ArrayLike<number>): number =>
      all[i]! * factor(behind, texts.keys[Math.floor(i / columns)]!, i % columns);
    expect(await bed.read(y, rows * columns)).toBeAllclose(layerNorm64(input).map(masked), tolerance);
    const right = gradient64(input, Float64Array.from(dy).map(masked));
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    expect(await bed.read(dGamma, columns)).toBeAllclose(right.dGamma, { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dBeta, columns)).toBeAllclose(right.dBeta, { atol: 1e-4, rtol: 2e-5 });
  });

  test('its gradient through the dropout before it', async () => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gamma, beta } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gamma: bed.put(gamma), beta: bed.put(beta) };
    const dropout = dropoutOf(random, 6);
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    layerNorm(pass(), texts.onDevice, { columns, epsilon, ...buffers, y, moments, dropout: null });
    const dy = random.normal(rows * columns);
    const dx = bed.empty(rows * columns);
    const dropped = bed.empty(rows * columns);
    const sums = bed.zeros(columns);
    layerNormGradient(pass(), texts.onDevice, {
      columns,
      dy: bed.put(dy),
      pooled: false,
      behind: null,
      x: buffers.x,
      moments,
      gamma: buffers.gamma,
      dx,
      before: { dropout, dx: dropped },
      dGamma: sums,
      dBeta: bed.zeros(columns),
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gamma: Float64Array.from(gamma),
      beta: Float64Array.from(beta),
    };
    const right = gradient64(input, Float64Array.from(dy));
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    expect(await bed.read(sums, columns)).toBeAllclose(right.dGamma, { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dropped, rows * columns)).toBeAllclose(
      right.dx.map((v, i) => v * factor(dropout, texts.keys[Math.floor(i / columns)]!, i % columns)),
      tolerance,
    );
  });
});
