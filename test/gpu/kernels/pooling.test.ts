import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { meanPool, normalise, normaliseGradient } from '../../../src/gpu/kernels/pooling/pooling.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { testTexts } from '../../support/texts.ts';
import { expectCentralDifferences, weightedSum } from './float64/centralDifference.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

test.each([36, 17])('the mean of each text, %i columns', async (columns) => {
  const random = freshRandom();
  const texts = testTexts(bed, random, [4, 1, 30, 7]);
  const x = random.normal(texts.onDevice.tokenCount * columns);
  const untouched = random.normal(8 * columns);
  const pooled = bed.put(untouched);
  meanPool(bed.pass, texts.onDevice, columns, { x: bed.put(x), pooled });
  await bed.submit();
  const right = Float64Array.from(untouched);
  for (const [text, [first, length]] of texts.spans.entries()) {
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let token = first; token < first + length; token++) sum += x[token * columns + i]!;
      right[texts.batchRows[text]! * columns + i] = sum / length;
    }
  }
  expect(await bed.read(pooled, right.length)).toBeAllclose(right, { atol: 1e-5 });
});

function unit64(x: Float64Array, columns: number): Float64Array {
  return x.map((value, i) => {
    const from = Math.floor(i / columns) * columns;
    return value / Math.hypot(...x.subarray(from, from + columns));
  });
}

test.each([40, 9])('vectors of length 1, and the gradient through that, %i columns', async (columns) => {
  const random = freshRandom();
  const rows = 7;
  const x = random.normal(rows * columns);
  const dNormal = random.normal(rows * columns);
  const [lengths, normal] = [bed.empty(rows), bed.empty(rows * columns)];
  const gradient = bed.put(dNormal);
  const size = { rows, columns };
  normalise(bed.pass, size, { pooled: bed.put(x), lengths, normal });
  normaliseGradient(bed.pass, size, { gradient, lengths, normal });
  await bed.submit();
  const input = Float64Array.from(x);
  const unit = unit64(input, columns);
  expect(await bed.read(normal, rows * columns)).toBeAllclose(unit, { atol: 1e-6 });
  const right = Float64Array.from(dNormal, (value, i) => {
    const from = Math.floor(i / columns) * columns;
    const length = Math.hypot(...input.subarray(from, from + columns));
    let along = 0;
    for (let j = from; j < from + columns; j++) along += unit[j]! * dNormal[j]!;
    return (value - unit[i]! * along) / length;
  });
  expect(await bed.read(gradient, rows * columns)).toBeAllclose(right, { atol: 1e-5 });
  const value = (): number => weightedSum(unit64(input, columns), dNormal);
  expectCentralDifferences(random, value, input, right, 'pooled vectors');
});
