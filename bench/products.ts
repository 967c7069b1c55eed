import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import type { MatmulShape } from '../src/gpu/kernels/matmul/matmul.ts';
import type { Orientation } from '../src/gpu/kernels/matmul/variants.ts';
import { benchConfiguration } from './launch.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import { jaxProduct } from './products/jax.ts';
import { onnxruntimeProduct } from './products/onnxruntime.ts';
import { ownProduct } from './products/own.ts';
import type { ProductOperands, ProductSide } from './products/side.ts';
import { tensorflowProduct } from './products/tensorflow.ts';
import type { BenchRow, Log } from './row.ts';
import { miniLm, miniModel, randomFloats } from './sizes.ts';

const orientations: readonly Orientation[] = ['nt', 'nn', 'tn'];
const rounds = 9;

/** Matrix products at the sizes of an encoder, against those of three libraries on one adapter. */
export async function benchProducts(session: DeviceSession, log: Log): Promise<BenchRow[]> {
  const { software } = session;
  const rows: BenchRow[] = [];
  for (const { shape, fewTokens } of [
    { shape: miniModel, fewTokens: 768 },
    { shape: miniLm, fewTokens: 256 },
  ]) {
    const { hidden, intermediate } = shape;
    const configuration = await benchConfiguration(session, shape, 1536, log);
    for (const tokens of software ? [fewTokens] : [1536, 8192]) {
      for (const [columns, depth] of [
        [hidden, hidden],
        [intermediate, hidden],
        [hidden, intermediate],
      ] as const) {
        const given = operands({ rows: tokens, columns, depth });
        log(`product ${tokens} x ${columns} x ${depth}`);
        const own = orientations.map((orientation) => ownProduct(session, configuration, orientation, given));
        const others = [
          await jaxProduct(given),
          await tensorflowProduct(given),
          await onnxruntimeProduct(given),
        ];
        rows.push(...(await compare(given, own, others, software ? 1 : 30)));
        for (const side of [...own, ...others]) await side.dispose();
      }
    }
  }
  return rows;
}

function operands(shape: MatmulShape): ProductOperands {
  const { rows, columns, depth } = shape;
  return { shape, a: randomFloats(rows * depth), b: randomFloats(depth * columns) };
}

/** The first row's sums in float64, which all sides must have. */
async function check({ shape, a, b }: ProductOperands, side: ProductSide): Promise<void> {
  const { columns, depth } = shape;
  const got = await side.result();
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += a[k]! * b[k * columns + j]!;
    if (!(Math.abs(got[j]! - sum) < 1e-3)) throw new Error(`${side.name} gives ${got[j]}, not ${sum}.`);
  }
}

/** Each of our orientations against the fastest of the others, whose own rates go into the note. */
async function compare(
  given: ProductOperands,
  own: readonly ProductSide[],
  others: readonly ProductSide[],
  repeats: number,
): Promise<BenchRow[]> {
  const { rows, columns, depth } = given.shape;
  const sides = [...own, ...others];
  for (const side of sides) await check(given, side);
  const times = await interleaved(
    sides.map((side) => () => side.run(repeats)),
    rounds,
  );
  const work = (2 * repeats * rows * columns * depth) / 1e9;
  const rate = (index: number): number => work / median(times[index]!);
  const rates = others.map((_, index) => rate(own.length + index));
  const best = rates.indexOf(Math.max(...rates));
  return own.map((side, index) => ({
    name: `product ${rows} x ${columns} x ${depth}, ${side.name}`,
    ours: rate(index),
    other: rates[best]!,
    against: others[best]!.name,
    ratio: medianRatio(times[index]!, times[own.length + best]!),
    unit: 'GFLOP/s',
    note: others.map(({ name }, at) => `${name} ${rates[at]!.toPrecision(3)}`).join(', '),
  }));
}
