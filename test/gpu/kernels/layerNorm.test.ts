import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { layerNorm, layerNormGradient, stripFloats } from '../../../src/gpu/kernels/layerNorm.ts';
import type { Dropout } from '../../../src/gpu/kernels/matmul.ts';
import '../../support/allclose.ts';
import { testDevice } from '../../support/device.ts';
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
  bed = new KernelBed(await testDevice());
});
afterEach(() => bed.clear());
afterAll(() => bed.device.destroy());

function values(random: FreshRandom, rows: number, columns: number) {
  return {
    x: random.normal(rows * columns).map((v) => 3 * v + 1),
    gain: random.normal(columns),
    shift: random.normal(columns),
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
  const layout = { columns, lanes };

  test.each([false, true])('forward and back, pooled: %s', async (pooled) => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gain, shift } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gain: bed.put(gain), shift: bed.put(shift) };
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    const { recorder, kernels } = bed;
    layerNorm(recorder, kernels, layout, texts.onDevice, { ...buffers, y, moments }, epsilon, null);
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gain: Float64Array.from(gain),
      shift: Float64Array.from(shift),
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
    const dGain = bed.put(before);
    const dShift = bed.put(before);
    layerNormGradient(recorder, kernels, layout, texts.onDevice, {
      dy: bed.put(given),
      pooled,
      behind: null,
      x: buffers.x,
      moments,
      gain: buffers.gain,
      dx,
      before: null,
      dGain,
      dShift,
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    expect(await bed.read(y, rows * columns)).toBeAllclose(layerNorm64(input), tolerance);
    const right = gradient64(input, dy);
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    const added = (sums: Float64Array): Float64Array => sums.map((sum, i) => sum + before[i]!);
    expect(await bed.read(dGain, columns)).toBeAllclose(added(right.dGain), { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dShift, columns)).toBeAllclose(added(right.dShift), { atol: 1e-4, rtol: 2e-5 });

    const value = (): number => weightedSum(layerNorm64(input), dy);
    expectCentralDifferences(random, value, input.x, right.dx, 'input');
    expectCentralDifferences(random, value, input.gain, right.dGain, 'gain');
    expectCentralDifferences(random, value, input.shift, right.dShift, 'shift');
  });

  test('with dropout behind it', async () => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gain, shift } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gain: bed.put(gain), shift: bed.put(shift) };
    const behind = dropoutOf(random, 3);
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    const { recorder, kernels } = bed;
    layerNorm(recorder, kernels, layout, texts.onDevice, { ...buffers, y, moments }, epsilon, behind);
    const dy = random.normal(rows * columns);
    const dx = bed.empty(rows * columns);
    const dGain = bed.zeros(columns);
    const dShift = bed.zeros(columns);
    layerNormGradient(recorder, kernels, layout, texts.onDevice, {
      dy: bed.put(dy),
      pooled: false,
      behind,
      x: buffers.x,
      moments,
      gain: buffers.gain,
      dx,
      before: null,
      dGain,
      dShift,
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gain: Float64Array.from(gain),
      shift: Float64Array.from(shift),
    };
    const masked = (_: number, i: number, all: ArrayLike<number>): number =>
      all[i]! * factor(behind, texts.keys[Math.floor(i / columns)]!, i % columns);
    expect(await bed.read(y, rows * columns)).toBeAllclose(layerNorm64(input).map(masked), tolerance);
    const right = gradient64(input, Float64Array.from(dy).map(masked));
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    expect(await bed.read(dGain, columns)).toBeAllclose(right.dGain, { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dShift, columns)).toBeAllclose(right.dShift, { atol: 1e-4, rtol: 2e-5 });
  });

  test('its gradient through the dropout before it', async () => {
    const random = freshRandom();
    const texts = testTexts(bed, random, lengths);
    const rows = texts.onDevice.tokenCount;
    const { x, gain, shift } = values(random, rows, columns);
    const buffers = { x: bed.put(x), gain: bed.put(gain), shift: bed.put(shift) };
    const dropout = dropoutOf(random, 6);
    const y = bed.empty(rows * columns);
    const moments = bed.empty(2 * rows);
    const { recorder, kernels } = bed;
    layerNorm(recorder, kernels, layout, texts.onDevice, { ...buffers, y, moments }, epsilon, null);
    const dy = random.normal(rows * columns);
    const dx = bed.empty(rows * columns);
    const dropped = bed.empty(rows * columns);
    const sums = bed.zeros(columns);
    layerNormGradient(recorder, kernels, layout, texts.onDevice, {
      dy: bed.put(dy),
      pooled: false,
      behind: null,
      x: buffers.x,
      moments,
      gain: buffers.gain,
      dx,
      before: { dropout, dx: dropped },
      dGain: sums,
      dShift: bed.zeros(columns),
      partial: bed.empty(stripFloats(rows, columns)),
    });
    await bed.submit();
    const input = {
      rows,
      columns,
      epsilon,
      x: Float64Array.from(x),
      gain: Float64Array.from(gain),
      shift: Float64Array.from(shift),
    };
    const right = gradient64(input, Float64Array.from(dy));
    expect(await bed.read(dx, rows * columns)).toBeAllclose(right.dx, tolerance);
    expect(await bed.read(sums, columns)).toBeAllclose(right.dGain, { atol: 1e-4, rtol: 2e-5 });
    expect(await bed.read(dropped, rows * columns)).toBeAllclose(
      right.dx.map((v, i) => v * factor(dropout, texts.keys[Math.floor(i / columns)]!, i % columns)),
      tolerance,
    );
  });
});
