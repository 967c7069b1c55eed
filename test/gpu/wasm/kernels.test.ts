import { describe, expect, test } from 'vitest';
import {
  type Build,
  compileKernels,
  type Kernels,
  runsBuild,
  startKernels,
} from '../../../src/wasm/kernels.ts';
import { growTo, Region } from '../../../src/wasm/region.ts';
import '../../support/allclose.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';
import { attention as attention64 } from '../kernels/float64/attention.ts';
import { gelu as gelu64, tanhGelu as tanhGelu64 } from '../kernels/float64/gelu.ts';
import { layerNorm as layerNorm64 } from '../kernels/float64/layerNorm.ts';
import { product } from '../kernels/float64/matmul.ts';

/** Memory with kernels over it; what lies behind a piece is kept apart, and checked to be left alone. */
class Bed {
  readonly kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #region = new Region(1);
  readonly #guards: number[] = [];

  private constructor(kernels: Kernels, memory: WebAssembly.Memory) {
    this.kernels = kernels;
    this.#memory = memory;
  }

  static async open(build: Build): Promise<Bed> {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    return new Bed(await startKernels(await compileKernels(build), memory), memory);
  }

  /** Room for `length` numbers that are none yet, behind them a guard. */
  room(length: number): number {
    const at = this.#region.take(length);
    const guard = this.#region.take(16);
    growTo(this.#memory, this.#region.end);
    this.floats(at, guard / 4 - at / 4).fill(Number.NaN);
    this.floats(guard, 16).fill(12.5);
    this.#guards.push(guard);
    return at;
  }

  put(values: ArrayLike<number>): number {
    const at = this.room(values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  putIntegers(values: readonly number[]): number {
    const at = this.room(values.length);
    new Int32Array(this.#memory.buffer, at, values.length).set(values);
    return at;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /** What a kernel left; throws where it wrote behind some piece. */
  read(at: number, length: number): Float32Array {
    for (const guard of this.#guards) expect([...this.floats(guard, 16)]).toEqual(Array(16).fill(12.5));
    return this.floats(at, length).slice();
  }
}

const sixes = (count: number): number => Math.ceil(count / 6) * 6;
const eights = (count: number): number => Math.ceil(count / 8) * 8;

test('this browser runs both builds', async () => {
  expect(await Promise.all([runsBuild('plain'), runsBuild('relaxed')])).toEqual([true, true]);
});

describe.each<Build>(['plain', 'relaxed'])('built %s', (build) => {
  test.each([
    [1, 8, 1],
    [5, 8, 3],
    [6, 16, 4],
    [7, 24, 17],
    [61, 40, 130],
  ])('a product of (%i, %i) over %i, packed from rows', async (rows, columns, inner) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const [a, b, bias] = [
      random.normal(rows * inner),
      random.normal(columns * inner),
      random.normal(columns),
    ];
    const [packedA, packedB] = [bed.room(sixes(rows) * inner), bed.room(columns * inner)];
    bed.kernels.packRows(packedA, bed.put(a), inner, rows, inner);
    bed.kernels.packTransposed(packedB, bed.put(b), inner, columns, inner);
    // Rows of the result lie further apart than they are long.
    const rowLength = columns + 8;
    const c = bed.room(sixes(rows) * rowLength);
    bed.kernels.matmul(c, rowLength, packedA, packedB, bed.put(bias), rows, columns, inner);
    const wanted = product('nt', { rows, columns, depth: inner }, a, b);
    const found = bed.read(c, rows * rowLength);
    for (let row = 0; row < rows; row++) {
      const expected = bias.map((value, column) => value + wanted[row * columns + column]!);
      expect(found.subarray(row * rowLength, row * rowLength + columns)).toBeAllclose(expected, {
        atol: 1e-6 * Math.sqrt(inner) + 1e-6,
        rtol: 1e-5,
      });
    }
  });

  test.each([
    [3, 5],
    [8, 8],
    [13, 26],
  ])('columns of (%i, %i) are packed with zeros where there are none', async (inner, columns) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const [rowLength, rows] = [columns + 3, eights(inner)];
    const x = random.normal(inner * rowLength);
    const to = bed.room(rows * eights(columns));
    bed.kernels.packColumns(to, bed.put(x), rowLength, inner, columns, rows);
    const found = bed.read(to, rows * eights(columns));
    for (let column = 0; column < eights(columns); column++) {
      for (let row = 0; row < rows; row++) {
        const inside = row < inner && column < columns;
        const at = (column >> 3) * rows * 8 + row * 8 + (column & 7);
        expect(found[at]).toBe(inside ? x[row * rowLength + column] : 0);
      }
    }
  });

  test.each([1, 4, 7, 30])('softmax over %i columns, the rest zeros', async (columns) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const [rows, rowLength, scale] = [5, eights(columns), 0.3];
    const x = random.normal(rows * rowLength).map((value) => 40 * value);
    const at = bed.put(x);
    bed.kernels.softmax(at, rowLength, rows, columns, scale);
    const found = bed.read(at, x.length);
    for (let row = 0; row < rows; row++) {
      const values = [...x.subarray(row * rowLength, row * rowLength + columns)];
      const most = Math.max(...values);
      const powers = values.map((value) => Math.exp(Math.fround(scale) * (value - most)));
      const sum = powers.reduce((total, power) => total + power, 0);
      const rest = Array<number>(rowLength - columns).fill(0);
      expect(found.subarray(row * rowLength, (row + 1) * rowLength)).toBeAllclose(
        [...powers.map((power) => power / sum), ...rest],
        { atol: 1e-7, rtol: 1e-5 },
      );
    }
  });

  test.each([
    ['gelu', gelu64],
    ['tanhGelu', tanhGelu64],
  ] as const)('%s from far below zero to far above', async (name, expected) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const x = Float32Array.of(...random.normal(60).map((value) => 3 * value), 0, -0, 100, -100);
    const at = bed.put(x);
    bed.kernels[name](at, x.length);
    expect(bed.read(at, x.length)).toBeAllclose(Array.from(x, expected), { atol: 1e-6, rtol: 1e-6 });
  });

  test.each([
    [1, 4],
    [7, 52],
  ])('a LayerNorm of %i sums of %i', async (rows, width) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const { x, gamma, beta } = normInput(random, rows, width);
    const residual = random.normal(rows * width);
    const at = bed.put(x);
    bed.kernels.addAndNorm(at, bed.put(residual), bed.put(gamma), bed.put(beta), rows, width, 1e-5);
    expect(bed.read(at, x.length)).toBeAllclose(
      layerNorm64({
        rows,
        columns: width,
        x: Float64Array.from(x, (value, i) => value + residual[i]!),
        gamma: Float64Array.from(gamma),
        beta: Float64Array.from(beta),
        epsilon: 1e-5,
      }),
      { atol: 1e-5, rtol: 1e-5 },
    );
  });

  test('tokens are looked up, added and normalised', async () => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const [tokens, width] = [9, 12];
    const tables = [11, 10, 2].map((rows) => random.normal(rows * width));
    const { gamma, beta } = normInput(random, 1, width);
    const ids = Array.from({ length: tokens }, (_, token) => [random.int(0, 10), token, random.int(0, 1)]);
    const to = bed.room(tokens * width);
    const [words, positions, kinds] = tables.map((table) => bed.put(table)) as [number, number, number];
    const places = [bed.put(gamma), bed.put(beta)] as const;
    bed.kernels.embed(
      to,
      bed.putIntegers(ids.flat()),
      words,
      positions,
      kinds,
      ...places,
      tokens,
      width,
      1e-12,
    );
    const x = new Float64Array(tokens * width).map((_, i) => {
      const row = ids[Math.floor(i / width)]!;
      return tables.reduce((sum, table, kind) => sum + table[row[kind]! * width + (i % width)]!, 0);
    });
    const expected = layerNorm64({
      rows: tokens,
      columns: width,
      x,
      gamma: Float64Array.from(gamma),
      beta: Float64Array.from(beta),
      epsilon: 1e-12,
    });
    expect(bed.read(to, tokens * width)).toBeAllclose(expected, { atol: 1e-5, rtol: 1e-5 });
  });

  // Head sizes that fill panels of eight and that do not; texts of less than a block of queries, of one, of several.
  test.each([
    [1, 2, 32],
    [13, 3, 26],
    [48, 1, 8],
    [131, 2, 12],
  ])('attention of %i tokens by %i heads of %i', async (tokens, heads, size) => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const hidden = heads * size;
    const qkv = random.normal(tokens * 3 * hidden);
    const to = bed.room(tokens * hidden);
    const scratch = bed.room(bed.kernels.attentionScratch(tokens, size) / 4);
    const zeros = bed.put(new Float32Array(Math.max(tokens, size) + 8));
    bed.kernels.attention(to, bed.put(qkv), scratch, zeros, tokens, hidden, heads);
    const expected = attention64({
      heads,
      size,
      spans: [[0, tokens]],
      qkv: Float64Array.from(qkv),
      factor: () => 1,
    });
    expect(bed.read(to, tokens * hidden)).toBeAllclose(expected, { atol: 1e-5, rtol: 1e-5 });
  });

  test('states are pooled by their weights', async () => {
    const random = freshRandom();
    const bed = await Bed.open(build);
    const [tokens, width] = [7, 20];
    const [states, weights] = [random.normal(tokens * width), random.normal(tokens)];
    const to = bed.room(width);
    bed.kernels.pool(to, bed.put(states), bed.put(weights), tokens, width);
    const expected = Array.from({ length: width }, (_, c) =>
      weights.reduce((sum, weight, token) => sum + weight * states[token * width + c]!, 0),
    );
    expect(bed.read(to, width)).toBeAllclose(expected, { atol: 1e-5 });
  });
});

function normInput(random: FreshRandom, rows: number, width: number) {
  return {
    x: random.normal(rows * width).map((value) => 3 * value + 1),
    gamma: random.normal(width),
    beta: random.normal(width),
  };
}
