import { parameterShapes } from '../src/base/bertShape.ts';
import { storageBuffer } from '../src/gpu/buffers.ts';
import { KernelCache } from '../src/gpu/kernels/kernel.ts';
import { type MatmulShape, type MatmulVariant, matmul } from '../src/gpu/kernels/matmul.ts';
import { Recorder } from '../src/gpu/recorder.ts';
import { type KernelPlan, untiled } from '../src/gpu/training/plan.ts';
import { createTrainer, type Trainer } from '../src/gpu/training/trainer.ts';
import { randomParameter } from '../src/lab/training/initialise.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import naiveSource from './naive_matmul.wgsl?raw';
import { benchPlan } from './plan.ts';
import type { BenchRow, Log } from './row.ts';
import { miniLm, miniModel, optimiser, randomBatch, randomFloats, type StepSizes } from './sizes.ts';
import { recorded } from './timed.ts';

/** The least that still reuses what it reads: four by four sums an invocation, no workgroup memory. */
const plain: MatmulVariant = { ...untiled, threadsX: 8, threadsY: 8, rowsEach: 4, columnsEach: 4 };

/** Matrix products and whole training steps: as planned for the adapter, against as one would begin. */
export async function benchKernels(device: GPUDevice, software: boolean, log: Log): Promise<BenchRow[]> {
  const shape = software ? miniModel : miniLm;
  const plan = await benchPlan(device, shape, software, 1536, log);
  const rows: BenchRow[] = [];
  const { hidden, intermediate } = miniLm;
  for (const many of software ? [128] : [1536, 8192]) {
    for (const [columns, depth] of [
      [hidden, hidden],
      [intermediate, hidden],
      [hidden, intermediate],
    ] as const) {
      log(`product ${many} x ${columns} x ${depth}`);
      rows.push(await benchProduct(device, plan, { rows: many, columns, depth }, software ? 1 : 20));
    }
  }
  const steps: StepSizes[] = [
    { name: 'mini-ce', shape: miniModel, queries: software ? 8 : 64, tokens: 32, rounds: 5 },
    ...(software ? [] : [{ name: 'MiniLM', shape: miniLm, queries: 8, tokens: 64, rounds: 5 }]),
  ];
  const naive: KernelPlan = { ...plan, matmul: { nt: plain, nn: plain, tn: plain }, lanes: 1 };
  const half = await benchPlan(device, shape, software, 1536, log, 'fp16');
  for (const sizes of steps) {
    rows.push(await benchStep(device, [plan, naive], 'plain layouts', sizes, log));
    rows.push(await benchStep(device, [half, plan], 'float16 products against float32', sizes, log));
  }
  return rows;
}

async function benchProduct(
  device: GPUDevice,
  plan: KernelPlan,
  shape: MatmulShape,
  repeats: number,
): Promise<BenchRow> {
  const { rows, columns, depth } = shape;
  const recorder = new Recorder(device);
  const kernels = new KernelCache(device);
  const put = (label: string, floats: number): GPUBuffer => {
    const buffer = storageBuffer(device, label, 4 * floats);
    device.queue.writeBuffer(buffer, 0, randomFloats(floats));
    return buffer;
  };
  const a = put('a', rows * depth);
  const b = put('b', columns * depth);
  const c = storageBuffer(device, 'c', 4 * rows * columns);
  const naive = kernels.get('matmul', 'naive', naiveSource, {});
  const [ours, other] = (await interleaved(
    [
      recorded(device, recorder, repeats, () =>
        matmul(recorder, kernels, 'nt', plan.matmul.nt, shape, { a, b, c }),
      ),
      recorded(device, recorder, repeats, () =>
        recorder.run(naive, [a, b, c], { rows, columns, depth }, Math.ceil((rows * columns) / 64)),
      ),
    ],
    7,
  )) as [number[], number[]];
  for (const buffer of [a, b, c]) buffer.destroy();
  recorder.dispose();
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
  device: GPUDevice,
  plans: readonly [KernelPlan, KernelPlan],
  against: string,
  { name, shape, queries, tokens, rounds }: StepSizes,
  log: Log,
): Promise<BenchRow> {
  const weights = new Map(
    parameterShapes(shape).map((one) => [one.name, { shape: one.shape, data: randomParameter(one, 1, 0) }]),
  );
  const batch = randomBatch(shape, queries, tokens);
  const trainer = (given: KernelPlan): Promise<Trainer> =>
    createTrainer(device, {
      shape,
      weights,
      plan: given,
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
