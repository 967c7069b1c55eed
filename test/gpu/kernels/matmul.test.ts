import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  type Epilogue,
  type Matmul,
  type MatmulShape,
  matmul,
} from '../../../src/gpu/kernels/matmul/matmul.ts';
import {
  addsInOrder,
  type MatmulVariant,
  matmulVariants,
  type Orientation,
  workgroupBytes,
} from '../../../src/gpu/kernels/matmul/variants.ts';
import type { Dropout } from '../../../src/gpu/kernels/shared/dropout.ts';
import { sumPlanes } from '../../../src/gpu/kernels/sumPlanes/sumPlanes.ts';
import type { LaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import type { Pass } from '../../../src/gpu/pass.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { KernelBed } from '../../support/kernels.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';
import { factor } from './float64/dropout.ts';
import { gelu, geluSlope, tanhGelu, tanhGeluSlope } from './float64/gelu.ts';
import { product } from './float64/matmul.ts';

const orientations: readonly Orientation[] = ['nt', 'nn', 'tn'];
/** Nothing a multiple of a block; four columns at a time where that goes, and where it does not. */
const shapes: readonly MatmulShape[] = [
  { rows: 37, columns: 70, depth: 19 },
  { rows: 68, columns: 76, depth: 20 },
  { rows: 1, columns: 1, depth: 33 },
];
const tolerance = { atol: 2e-5, rtol: 1e-5 };

const bed = new KernelBed(await testSession());
afterEach(() => bed.clear());
afterAll(() => bed.session.dispose());

const nameOf = (variant: MatmulVariant): string => Object.values(variant).join(' ');
// The device decides which can run at all.
const variantNames = matmulVariants
  .filter(({ through }) => through !== 'subgroup' || bed.session.device.features.has('subgroups'))
  .map((variant) => [nameOf(variant), variant] as const);
const first = matmulVariants[0]!;

interface Operands {
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

function operands(random: FreshRandom, { rows, columns, depth }: MatmulShape): Operands {
  return { a: random.normal(rows * depth), b: random.normal(depth * columns) };
}

type MatmulOptions = Pick<Matmul, 'accumulate' | 'alpha' | 'splitK'> &
  Partial<Pick<LaunchConfiguration, 'precision' | 'workAtOnce'>>;

function laidOut(variant: MatmulVariant, change: Partial<LaunchConfiguration> = {}): Pass {
  return bed.pass.with({ matmul: { nt: variant, nn: variant, tn: variant }, ...change });
}

async function run(
  orientation: Orientation,
  variant: MatmulVariant,
  shape: MatmulShape,
  { a, b }: Operands,
  epilogue?: Epilogue,
  { precision = 'fp32', workAtOnce = Number.POSITIVE_INFINITY, ...options }: MatmulOptions = {},
  before?: Float32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>> {
  const floats = shape.rows * shape.columns * (options.splitK ?? 1);
  const c = before ? bed.put(before) : bed.empty(floats);
  matmul(laidOut(variant, { precision, workAtOnce }), {
    orientation,
    shape,
    a: bed.put(a),
    b: bed.put(b),
    c,
    epilogue,
    ...options,
  });
  await bed.submit();
  return await bed.read(c, floats);
}

test.each([
  ['nt', true],
  ['nt', false],
  ['nn', true],
  ['tn', true],
] as const)(
  'layouts of %s come to the same bits where they add up alike, in order: %s',
  async (orientation, inOrder) => {
    const random = freshRandom();
    const shape = { rows: 37, columns: 68, depth: 90 };
    const given = operands(random, shape);
    const alike = variantNames.filter(([, variant]) => addsInOrder(orientation, variant) === inOrder);
    expect(alike.length).toBeGreaterThan(1);
    const results: Float32Array[] = [];
    for (const [, variant] of alike) {
      results.push(await run(orientation, variant, shape, given, undefined, { splitK: 3 }));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  },
);

describe.each(variantNames)('a matrix product laid out %s', (_, variant) => {
  test.each(orientations)('%s at odd sizes', async (orientation) => {
    const random = freshRandom();
    for (const shape of shapes) {
      const given = operands(random, shape);
      const right = product(orientation, shape, given.a, given.b);
      expect(await run(orientation, variant, shape, given)).toBeAllclose(right, tolerance);
    }
  });

  test('adds up over parts of its depth, with the sums of its left operand', async () => {
    const random = freshRandom();
    const shape = { rows: 21, columns: 10, depth: 101 };
    const given = operands(random, shape);
    const splitK = 3;
    const gradients = bed.empty(splitK * shape.rows);
    const gradient = bed.zeros(shape.rows);
    const epilogue = { kind: 'biasGradient', gradient: gradients, zeroFrom: 4, zeroTo: 9 } as const;
    const parts = bed.empty(splitK * shape.rows * shape.columns);
    const sums = bed.zeros(shape.rows * shape.columns);
    const pass = laidOut(variant);
    const buffers = { a: bed.put(given.a), b: bed.put(given.b), c: parts };
    matmul(pass, { orientation: 'tn', shape, ...buffers, epilogue, splitK });
    const count = shape.rows * shape.columns;
    sumPlanes(pass, 'matmul', { from: parts, stride: count, number: splitK }, sums, count);
    const rows = { from: gradients, stride: shape.rows, number: splitK };
    sumPlanes(pass, 'matmul', rows, gradient, shape.rows);
    await bed.submit();
    expect(await bed.read(sums, count)).toBeAllclose(product('tn', shape, given.a, given.b), tolerance);
    const columnSums = Float64Array.from({ length: shape.rows }, (_, row) =>
      row >= 4 && row < 9
        ? 0
        : given.a.reduce((sum, value, i) => sum + (i % shape.rows === row ? value : 0), 0),
    );
    expect(await bed.read(gradient, shape.rows)).toBeAllclose(columnSums, tolerance);
  });

  test('is the same cut into many dispatches', async () => {
    const random = freshRandom();
    const shape = { rows: 150, columns: 140, depth: 9 };
    const given = operands(random, shape);
    const whole = await run('nt', variant, shape, given);
    const cut = await run('nt', variant, shape, given, undefined, { workAtOnce: 1 });
    expect(cut).toEqual(whole);
  });

  test('fits the least workgroup memory and invocations of WebGPU', () => {
    expect(workgroupBytes(variant)).toBeLessThanOrEqual(16384);
    expect(variant.threadsX * variant.threadsY).toBeLessThanOrEqual(256);
  });
});

describe.each(variantNames.filter(([, { through }]) => through === 'workgroup'))(
  'a matrix product of float16 values laid out %s',
  (_, variant) => {
    test.each(orientations)(
      '%s of values that float16 has comes to the bits of float32',
      async (orientation) => {
        const random = freshRandom();
        for (const shape of shapes) {
          const whole = (count: number) =>
            Float32Array.from({ length: count }, () => random.int(-2047, 2047) / 512);
          const given = { a: whole(shape.rows * shape.depth), b: whole(shape.depth * shape.columns) };
          const got = await run(orientation, variant, shape, given, undefined, { precision: 'fp16' });
          expect(got).toEqual(await run(orientation, variant, shape, given));
          expect(got).toBeAllclose(product(orientation, shape, given.a, given.b), { atol: 1e-4, rtol: 1e-5 });
        }
      },
    );

    test.each(orientations)('%s of any values is off by their rounding', async (orientation) => {
      const random = freshRandom();
      for (const shape of shapes) {
        const given = operands(random, shape);
        const got = await run(orientation, variant, shape, given, undefined, { precision: 'fp16' });
        const right = product(orientation, shape, given.a, given.b);
        const size = product(orientation, shape, given.a.map(Math.abs), given.b.map(Math.abs));
        // Either neighbour may be taken, so that each operand is off by 2^-10 of itself at most.
        const most = Math.max(...right.map((value, i) => Math.abs(got[i]! - value) / (size[i]! * 2 ** -9)));
        expect(most).toBeLessThan(1);
        expect(got).not.toEqual(await run(orientation, variant, shape, given));
      }
    });
  },
);

test('other layouts take no float16 values', async () => {
  const shape = { rows: 1, columns: 1, depth: 1 };
  const one = { a: new Float32Array(1), b: new Float32Array(1) };
  await expect(run('nt', first, shape, one, undefined, { precision: 'fp16' })).rejects.toThrow(
    'Halves do not go',
  );
});

describe.each(shapes.map((shape) => [`${shape.rows} x ${shape.columns} x ${shape.depth}`, shape] as const))(
  'what is done with the sums of %s',
  (_, shape) => {
    const cells = shape.rows * shape.columns;
    const columnOf = (i: number): number => i % shape.columns;

    test('scaled, and added to what is there', async () => {
      const random = freshRandom();
      const given = operands(random, shape);
      const before = random.normal(cells);
      const right = product('nn', shape, given.a, given.b).map((v, i) => before[i]! - 0.5 * v);
      const options = { alpha: -0.5, accumulate: true };
      const got = await run('nn', first, shape, given, undefined, options, before);
      expect(got).toBeAllclose(right, tolerance);
    });

    test('with a bias', async () => {
      const random = freshRandom();
      const given = operands(random, shape);
      const bias = random.normal(shape.columns);
      const right = product('nt', shape, given.a, given.b).map((v, i) => v + bias[columnOf(i)]!);
      const got = await run('nt', first, shape, given, { kind: 'bias', bias: bed.put(bias) });
      expect(got).toBeAllclose(right, tolerance);
    });

    test('with a bias and GELU, whose input is kept, and the gradient through it', async () => {
      const random = freshRandom();
      const given = operands(random, shape);
      const bias = random.normal(shape.columns);
      const before = bed.empty(cells);
      const inner = product('nt', shape, given.a, given.b).map((v, i) => v + bias[columnOf(i)]!);
      const activation = { kind: 'biasGelu', bias: bed.put(bias), before, tanh: false } as const;
      const got = await run('nt', first, shape, given, activation);
      expect(got).toBeAllclose(inner.map(gelu), tolerance);
      expect(await bed.read(before, cells)).toBeAllclose(inner, tolerance);

      const back = await run('nt', first, shape, given, { kind: 'geluGradient', before, tanh: false });
      const sums = product('nt', shape, given.a, given.b);
      expect(back).toBeAllclose(
        sums.map((v, i) => v * geluSlope(inner[i]!)),
        { atol: 5e-5, rtol: 5e-5 },
      );
      expect(await bed.read(before, cells)).toBeAllclose(inner.map(gelu), tolerance);
    });

    test.each([0, 0.3])('with a bias, dropout of %f and a residual', async (rate) => {
      const random = freshRandom();
      const given = operands(random, shape);
      const bias = random.normal(shape.columns);
      const residual = random.normal(cells);
      const dropout: Dropout | null = rate > 0 ? { rate, key: random.int(0, 2 ** 31), site: 5 } : null;
      const tokens = new Uint32Array(4 * shape.rows);
      for (let row = 0; row < shape.rows; row++) tokens[4 * row + 3] = 1000 + 7 * row;
      const got = await run('nt', first, shape, given, {
        kind: 'biasResidual',
        bias: bed.put(bias),
        residual: bed.put(residual),
        dropout,
        tokens: bed.put(tokens),
      });
      const right = product('nt', shape, given.a, given.b).map((v, i) => {
        const row = Math.floor(i / shape.columns);
        return (v + bias[columnOf(i)]!) * factor(dropout, 1000 + 7 * row, columnOf(i)) + residual[i]!;
      });
      expect(got).toBeAllclose(right, tolerance);
    });

    test('with a residual', async () => {
      const random = freshRandom();
      const given = operands(random, shape);
      const residual = random.normal(cells);
      const right = product('nn', shape, given.a, given.b).map((v, i) => v + residual[i]!);
      const got = await run('nn', first, shape, given, { kind: 'add', residual: bed.put(residual) });
      expect(got).toBeAllclose(right, tolerance);
    });
  },
);

test.each([
  ['exact', false, gelu, geluSlope],
  ['by tanh', true, tanhGelu, tanhGeluSlope],
] as const)('GELU %s and its slope are right over the whole range', async (_, tanh, value, slopeOf) => {
  const x = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200);
  const shape = { rows: 1, columns: x.length, depth: 1 };
  const one = { a: new Float32Array([1]), b: new Float32Array(x.length) };
  const before = bed.empty(x.length);
  const bias = bed.put(x);
  const got = await run('nt', first, shape, one, { kind: 'biasGelu', bias, before, tanh });
  expect(got).toBeAllclose(Float64Array.from(x, value), { atol: 1e-6, rtol: 2e-6 });
  const ones = { a: new Float32Array([1]), b: new Float32Array(x.length).fill(1) };
  const slope = await run('nt', first, shape, ones, { kind: 'geluGradient', before, tanh });
  expect(slope).toBeAllclose(Float64Array.from(x, slopeOf), { atol: 1e-6, rtol: 2e-6 });
  const step = 1e-6;
  for (const v of [-3.1, -0.7, 0, 0.2, 2.5]) {
    expect(Math.abs((value(v + step) - value(v - step)) / (2 * step) - slopeOf(v))).toBeLessThan(1e-8);
  }
});
