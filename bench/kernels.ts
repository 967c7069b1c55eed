import { parameterShapes } from '../src/base/bertShape.ts';
import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import { defineKernel, read, write } from '../src/gpu/kernels/defineKernel.ts';
import { type MatmulShape, matmul } from '../src/gpu/kernels/matmul/matmul.ts';
import { type MatmulVariant, untiled } from '../src/gpu/kernels/matmul/variants.ts';
import type { LaunchConfiguration } from '../src/gpu/launchConfiguration.ts';
import { Pass } from '../src/gpu/pass.ts';
import { createTrainer, type Trainer } from '../src/gpu/training/trainer.ts';
import { randomParameter } from '../src/lab/training/initialise.ts';
import { benchConfiguration } from './launch.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import naiveSource from './naiveMatmul.wgsl?raw';
import type { BenchRow, Log } from './row.ts';
import { miniLm, miniModel, optimiser, randomBatch, randomFloats, type StepSizes } from './sizes.ts';
import { recorded } from './timed.ts';

/** The least that still reuses what it reads: four by four sums an invocation, no workgroup memory. */
const plain: MatmulVariant = { ...untiled, threadsX: 8, threadsY: 8, rowsEach: 4, columnsEach: 4 };

const naiveKernel = defineKernel({
  family: 'matmul',
  source: { name: 'bench/naiveMatmul.wgsl', text: naiveSource },
  parameters: { rows: 'u32', columns: 'u32', depth: 'u32' },
  buffers: { a: read('f32'), b: read('f32'), c: write('f32') },
});

/** Matrix products and whole training steps: as planned for the adapter, against as one would begin. */
export async function benchKernels(session: DeviceSession, log: Log): Promise<BenchRow[]> {
  const { software } = session;
  const shape = software ? miniModel : miniLm;
  const plan = await benchConfiguration(session, shape, 1536, log);
  const rows: BenchRow[] = [];
  const { hidden, intermediate } = miniLm;
  for (const many of software ? [128] : [1536, 8192]) {
    for (const [columns, depth] of [
      [hidden, hidden],
      [intermediate, hidden],
      [hidden, intermediate],
    ] as const) {
      log(`product ${many} x ${columns} x ${depth}`);
      rows.push(await benchProduct(session, plan, { rows: many, columns, depth }, software ? 1 : 20));
    }
  }
  const steps: StepSizes[] = [
    { name: 'mini-ce', shape: miniModel, queries: software ? 8 : 64, tokens: 32, rounds: 5 },
    ...(software ? [] : [{ name: 'MiniLM', shape: miniLm, queries: 8, tokens: 64, rounds: 5 }]),
  ];
  const naive: LaunchConfiguration = { ...plan, matmul: { nt: plain, nn: plain, tn: plain }, lanes: 1 };
  const half = await benchConfiguration(session, shape, 1536, log, 'fp16');
  for (const sizes of steps) {
    rows.push(await benchStep(session, [plan, naive], 'plain layouts', sizes, log));
    rows.push(await benchStep(session, [half, plan], 'float16 products against float32', sizes, log));
  }
  return rows;
}

async function benchProduct(
  session: DeviceSession,
  plan: LaunchConfiguration,
  shape: MatmulShape,
  repeats: number,
): Promise<BenchRow> {
  const { rows, columns, depth } = shape;
  const pass = new Pass(session, plan);
  const arena = session.arena();
  const put = (label: string, floats: number): GPUBuffer => {
    const buffer = arena.storage(label, 4 * floats);
    session.device.queue.writeBuffer(buffer, 0, randomFloats(floats));
    return buffer;
  };
  const a = put('a', rows * depth);
  const b = put('b', columns * depth);
  const c = arena.storage('c', 4 * rows * columns);
  const [ours, other] = (await interleaved(
    [
      recorded(pass, repeats, () => matmul(pass, { orientation: 'nt', shape, a, b, c })),
      recorded(pass, repeats, () =>
        pass.dispatch(naiveKernel, { a, b, c }, { rows, columns, depth }, Math.ceil((rows * columns) / 64)),
      ),
    ],
    7,
  )) as [number[], number[]];
  arena.dispose();
  pass.dispose();
  const work = (2 * repeats * rows * columns * depth) / 1e9;
  return {
    name: `product ${rows} x ${columns} x ${depth}`,
    ours: work / median(ours),
    other: work / median(other),
    against: 'one element an invocation',
    ratio: medianRatio(ours, other),
    unit: 'GFLOP/s',
    note: 'median of 7 rounds',
  };
}

async function benchStep(
  session: DeviceSession,
  plans: readonly [LaunchConfiguration, LaunchConfiguration],
  against: string,
  { name, shape, queries, tokens, rounds }: StepSizes,
  log: Log,
): Promise<BenchRow> {
  const weights = new Map(
    parameterShapes(shape).map((one) => [one.name, { shape: one.shape, data: randomParameter(one, 1, 0) }]),
  );
  const batch = randomBatch(shape, queries, tokens);
  const trainer = (given: LaunchConfiguration): Promise<Trainer> =>
    createTrainer(session, {
      shape,
      weights,
      configuration: given,
      optimiser,
      scale: 20,
      dropout: 0.1,
      seed: 1,
      miniBatchSize: 3 * queries,
    });
  const sides = [await trainer(plans[0]), await trainer(plans[1])];
  log(`training step of ${name}`);
  const at = [0, 0];
  const [ours, other] = (await interleaved(
    sides.map((side, index) => async () => {
      side.step(batch, 1e-4, at[index]!++);
      await side.settle();
    }),
    rounds,
  )) as [number[], number[]];
  for (const side of sides) side.destroy();
  return {
    name: `training step, ${name}: ${queries} x 3 texts of ${tokens} tokens`,
    ours: 1000 * median(ours),
    other: 1000 * median(other),
    against,
    ratio: medianRatio(ours, other),
    unit: 'ms',
    note: `median of ${rounds} rounds`,
  };
}
