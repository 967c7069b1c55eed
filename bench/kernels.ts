import { settled, storageBuffer } from '../src/gpu/buffers.ts';
import { requestFullDevice } from '../src/gpu/device.ts';
import { KernelCache } from '../src/gpu/kernels/kernel.ts';
import { type MatmulShape, type MatmulVariant, matmul } from '../src/gpu/kernels/matmul.ts';
import { Recorder } from '../src/gpu/recorder.ts';
import { type KernelPlan, untiled } from '../src/gpu/training/plan.ts';
import { type EncoderShape, parameterShapes, sizeOf } from '../src/gpu/training/shape.ts';
import { createTrainer, type Trainer, type TrainingBatch } from '../src/gpu/training/trainer.ts';
import { measurePlan } from '../src/gpu/training/tune.ts';
import { benchAdapter } from './bundled.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import naiveSource from './naive_matmul.wgsl?raw';
import type { BenchRow, Log } from './row.ts';

interface StepSizes {
  readonly name: string;
  readonly shape: EncoderShape;
  readonly queries: number;
  readonly tokens: number;
  readonly rounds: number;
}

const bert = { layers: 2, types: 2, epsilon: 1e-12 };
/** The bundled mini model's sizes. */
const mini = { ...bert, vocabulary: 8192, hidden: 128, heads: 4, intermediate: 512, positions: 256 };
/** MiniLM's. */
const small = { ...bert, vocabulary: 30522, hidden: 384, heads: 12, intermediate: 1536, positions: 512 };

/** The least that still reuses what it reads: four by four sums an invocation, no workgroup memory. */
const plain: MatmulVariant = { ...untiled, threadsX: 8, threadsY: 8, rowsEach: 4, columnsEach: 4 };

/** Matrix products and whole training steps: as measured for the adapter, against as one would begin. */
export async function benchKernels(log: Log): Promise<BenchRow[]> {
  const adapter = await benchAdapter();
  if (adapter.kind === 'none') throw new Error('There is no WebGPU adapter to bench kernels on.');
  const real = adapter.kind === 'real';
  const device = await requestFullDevice(adapter.adapter);
  log(`measuring layouts on ${adapter.description}`);
  const tokens = real ? 1536 : 128;
  const budget = real ? 60_000 : 30_000;
  const shape = real ? small : mini;
  const plan = await measurePlan(device, shape, { software: !real, tokens, budget });
  log(`plan ${JSON.stringify(plan)}`);

  const rows: BenchRow[] = [];
  const wide = 4 * small.hidden;
  for (const many of real ? [1536, 8192] : [128]) {
    for (const [columns, depth] of [
      [small.hidden, small.hidden],
      [wide, small.hidden],
      [small.hidden, wide],
    ] as const) {
      log(`product ${many} x ${columns} x ${depth}`);
      rows.push(await benchProduct(device, plan, { rows: many, columns, depth }, real ? 20 : 1));
    }
  }
  const steps: StepSizes[] = [{ name: 'mini', shape: mini, queries: real ? 64 : 8, tokens: 32, rounds: 5 }];
  if (real) steps.push({ name: 'MiniLM', shape: small, queries: 8, tokens: 64, rounds: 5 });
  for (const sizes of steps) rows.push(await benchStep(device, plan, sizes, log));
  device.destroy();
  return rows;
}

function randomFloats(length: number, spread = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => spread * (Math.random() - 0.5));
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
  const timed = async (record: () => void): Promise<void> => {
    for (let i = 0; i < repeats; i++) record();
    recorder.submit();
    await settled(device, device.queue.onSubmittedWorkDone());
  };
  const [ours, other] = (await interleaved(
    [
      () => timed(() => matmul(recorder, kernels, 'nt', plan.matmul.nt, shape, { a, b, c })),
      () =>
        timed(() =>
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
  plan: KernelPlan,
  { name, shape, queries, tokens, rounds }: StepSizes,
  log: Log,
): Promise<BenchRow> {
  const weights = new Map(
    parameterShapes(shape).map((one) => [
      one.name,
      { shape: one.shape, data: randomFloats(sizeOf(one.shape), 0.07) },
    ]),
  );
  const texts = (count: number): Int32Array[] =>
    Array.from({ length: count }, () =>
      Int32Array.from({ length: tokens }, () => Math.floor(Math.random() * shape.vocabulary)),
    );
  const batch: TrainingBatch = { queries: texts(queries), documents: texts(2 * queries) };
  const trainer = (given: KernelPlan): Promise<Trainer> =>
    createTrainer(device, {
      shape,
      weights,
      plan: given,
      optimiser: { weightDecay: 0.01, maxGradNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      scale: 20,
      dropout: 0.1,
      seed: 1,
      miniBatchSize: 3 * queries,
    });
  const naivePlan: KernelPlan = { ...plan, matmul: { nt: plain, nn: plain, tn: plain }, lanes: 1 };
  const sides = [await trainer(plan), await trainer(naivePlan)];
  log(`training step of ${name}`);
  const at = [0, 0];
  const [ours, other] = (await interleaved(
    sides.map((side, index) => async () => {
      side.step(batch, 1e-4, at[index]!++);
      await side.settle();
    }),
    rounds,
  )) as [number[], number[]];
  const shares = await sides[0]!.timedStep(batch, 1e-4, at[0]!);
  for (const [family, ms] of shares ?? []) log(`  ${family}: ${ms.toFixed(2)} ms`);
  for (const side of sides) side.destroy();
  return {
    name: `training step, ${name}: ${queries} x 3 texts of ${tokens} tokens`,
    ours: 1000 * median(ours),
    other: 1000 * median(other),
    against: 'plain layouts',
    ratio: medianRatio(ours, other),
    unit: 'ms',
    note: `median of ${rounds} rounds`,
  };
}
