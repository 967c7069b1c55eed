import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attention, attentionGradient } from '../../../src/gpu/kernels/attention/attention.ts';
import type { Dropout } from '../../../src/gpu/kernels/shared/dropout.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { freshRandom } from '../../support/random.ts';
import { testTexts } from '../../support/texts.ts';
import {
  type AttentionInput,
  attention as attention64,
  attentionGradient as gradient64,
} from './float64/attention.ts';
import { expectCentralDifferences, weightedSum } from './float64/centralDifference.ts';
import { factor } from './float64/dropout.ts';

let bed: KernelBed;
beforeAll(async () => {
  bed = new KernelBed(await testSession());
});
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

describe.each([
  [3, 12],
  [2, 5],
  [1, 36],
  [5, 3],
])('attention of %i heads of %i columns', (heads, size) => {
  test.each([
    [0, 1],
    [0.2, 1],
    [0, 4],
    [0.2, 4],
    [0, 16],
  ])('forward and back, dropout %f, %i lanes', async (rate, attentionLanes) => {
    const pass = bed.pass.with({ attentionLanes });
    const random = freshRandom();
    const texts = testTexts(bed, random, [5, 1, 23, 2, 8]);
    const tokens = texts.onDevice.tokenCount;
    const hidden = heads * size;
    const dropout: Dropout | null = rate > 0 ? { rate, key: random.int(0, 2 ** 32 - 1), site: 4 } : null;
    const qkv = random.normal(tokens * 3 * hidden);
    const dOut = random.normal(tokens * hidden);
    const attended = {
      qkv: bed.put(qkv),
      lse: bed.empty(heads * tokens),
      out: bed.empty(tokens * hidden),
    };
    const dQkv = bed.empty(tokens * 3 * hidden);
    const gradient = { dOut: bed.put(dOut), dQkv, delta: bed.empty(heads * tokens) };
    attention(pass, texts.onDevice, { heads, size, ...attended, dropout });
    attentionGradient(pass, texts.onDevice, { heads, size, ...attended, ...gradient, dropout });
    await bed.submit();

    const input: AttentionInput = {
      heads,
      size,
      spans: texts.spans,
      qkv: Float64Array.from(qkv),
      factor: (head, query, key) => factor(dropout, texts.keys[query]!, key, head),
    };
    const tolerance = { atol: 3e-5, rtol: 1e-5 };
    expect(await bed.read(attended.out, tokens * hidden)).toBeAllclose(attention64(input), tolerance);
    const right = gradient64(input, Float64Array.from(dOut));
    expect(await bed.read(dQkv, tokens * 3 * hidden)).toBeAllclose(right, tolerance);
    const value = (): number => weightedSum(attention64(input), dOut);
    expectCentralDifferences(random, value, input.qkv, right, 'queries, keys and values');
  });
});

test.each([1, 4])('scores far apart neither overflow nor give NaN, %i lanes', async (attentionLanes) => {
  const pass = bed.pass.with({ attentionLanes });
  const random = freshRandom();
  const texts = testTexts(bed, random, [9]);
  const [heads, size] = [1, 8];
  const qkv = random.normal(9 * 3 * size).map((v) => 60 * v);
  const attended = { qkv: bed.put(qkv), lse: bed.empty(9), out: bed.empty(9 * size) };
  const dQkv = bed.empty(9 * 3 * size);
  const dOut = random.normal(9 * size);
  const gradient = { dOut: bed.put(dOut), dQkv, delta: bed.empty(9) };
  attention(pass, texts.onDevice, { heads, size, ...attended, dropout: null });
  attentionGradient(pass, texts.onDevice, { heads, size, ...attended, ...gradient, dropout: null });
  await bed.submit();
  const input = { heads, size, spans: texts.spans, qkv: Float64Array.from(qkv), factor: () => 1 };
  expect(await bed.read(attended.out, 9 * size)).toBeAllclose(attention64(input), { atol: 1e-2, rtol: 1e-3 });
  const back = await bed.read(dQkv, 9 * 3 * size);
  expect(back.every(Number.isFinite)).toBe(true);
});

test('is the same cut into many dispatches', async () => {
  const random = freshRandom();
  const texts = testTexts(bed, random, [30, 7, 40, 25]);
  const tokens = texts.onDevice.tokenCount;
  const [heads, size] = [2, 8];
  const qkv = bed.put(random.normal(tokens * 3 * heads * size));
  const outs: Float32Array[] = [];
  for (const pass of [bed.pass, bed.pass.with({ workAtOnce: 1 })].flatMap((one) => [
    one,
    one.with({ attentionLanes: 4 }),
  ])) {
    const attended = { qkv, lse: bed.empty(heads * tokens), out: bed.empty(tokens * heads * size) };
    attention(pass, texts.onDevice, { heads, size, ...attended, dropout: null });
    await bed.submit();
    outs.push(await bed.read(attended.out, tokens * heads * size));
  }
  expect(outs[2]).toEqual(outs[0]);
  expect(outs[3]).toEqual(outs[1]);
});
