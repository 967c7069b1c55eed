import type { EncoderShape } from '../../base/bertShape.ts';
import { settled, storageBuffer } from '../buffers.ts';
import { KernelCache } from '../kernels/kernel.ts';
import {
  addsInOrder,
  type MatmulShape,
  type MatmulVariant,
  matmul,
  type Orientation,
} from '../kernels/matmul.ts';
import { Recorder } from '../recorder.ts';
import { defaultPlan, type KernelPlan, matmulVariants, type Precision } from './plan.ts';

export interface TuningOptions {
  /** An adapter that runs on the processor. */
  readonly software: boolean;
  /** Tokens of a mini-batch that is typical for the training to come. */
  readonly tokens: number;
  /** Milliseconds after which no further candidate is tried. */
  readonly budget: number;
  readonly signal?: AbortSignal;
  readonly precision?: Precision;
}

/** Products of an encoder layer and of its gradients, [rows, columns, depth]. */
export function productShapes(
  { hidden, intermediate }: EncoderShape,
  tokens: number,
  orientation: Orientation,
): MatmulShape[] {
  // Of each linear layer the columns it gives and those it takes.
  const linear = [
    [3 * hidden, hidden],
    [hidden, hidden],
    [intermediate, hidden],
    [hidden, intermediate],
  ] as const;
  return linear.map(([outputs, inputs]) => {
    if (orientation === 'nt') return { rows: tokens, columns: outputs, depth: inputs };
    if (orientation === 'nn') return { rows: tokens, columns: inputs, depth: outputs };
    return { rows: outputs, columns: inputs, depth: tokens };
  });
}

/** Share of the default layout's time below which another one takes its place: noise alone is to change nothing. */
const wins = 0.95;
/** Runs of which the fastest counts: what else the machine does only ever slows one down. */
const runs = 3;
/** Milliseconds that a timed run takes at least, as a browser's clock may be as coarse as 1 ms. */
const leastTime = 10;

/** Milliseconds that what `record` records takes, the fastest of a few runs. */
export async function timeRecorded(
  device: GPUDevice,
  recorder: Recorder,
  record: () => void,
): Promise<number> {
  const once = async (repeats: number): Promise<number> => {
    const started = performance.now();
    for (let i = 0; i < repeats; i++) record();
    recorder.submit();
    await settled(device, device.queue.onSubmittedWorkDone());
    return performance.now() - started;
  };
  // The first run compiles.
  await once(1);
  const first = await once(1);
  const repeats = Math.max(1, Math.ceil(leastTime / Math.max(first, 0.1)));
  let best = repeats === 1 ? first : Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) best = Math.min(best, (await once(repeats)) / repeats);
  return best;
}

function fits({ limits, features }: GPUDevice, variant: MatmulVariant): boolean {
  if (variant.through === 'subgroup' && !features.has('subgroups')) return false;
  const invocations = variant.threadsX * variant.threadsY;
  return (
    invocations <= limits.maxComputeInvocationsPerWorkgroup &&
    Math.max(variant.threadsX, variant.threadsY) <= limits.maxComputeWorkgroupSizeX
  );
}

/**
 * Measures how matrix products are best laid out on a device for an encoder's sizes. The plan is plain data:
 * kept and given to the next trainer, it costs nothing again. Only layouts that add up in the same order are
 * chosen from, so that what chance makes the fastest changes no bit of what is trained.
 * @throws UserError when the device is lost
 */
export async function measurePlan(
  device: GPUDevice,
  shape: EncoderShape,
  { software, tokens, budget, signal, precision = 'fp32' }: TuningOptions,
): Promise<KernelPlan> {
  const plan = defaultPlan(software, precision);
  const half = precision === 'fp16';
  const started = performance.now();
  const recorder = new Recorder(device);
  const kernels = new KernelCache(device);
  const { hidden, intermediate } = shape;
  const widest = Math.max(3 * hidden, intermediate);
  const floats = Math.max(tokens, hidden) * widest;
  const buffers = ['a', 'b', 'c'].map((label) => storageBuffer(device, `tuning ${label}`, 4 * floats));
  const [a, b, c] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer];
  const spent = (): boolean => performance.now() - started > budget;

  /** The fastest candidate; the first is always tried. */
  const fastest = async <T>(candidates: readonly T[], record: (candidate: T) => void): Promise<T> => {
    let best = { candidate: candidates[0] as T, time: Number.POSITIVE_INFINITY };
    for (const candidate of candidates) {
      signal?.throwIfAborted();
      if (best.time < Number.POSITIVE_INFINITY && spent()) break;
      device.pushErrorScope('validation');
      const time = await timeRecorded(device, recorder, () => record(candidate));
      // A submission with a fault does nothing, and nothing is fastest.
      const fault = await settled(device, device.popErrorScope());
      if (!fault && time < best.time * (best.candidate === candidates[0] ? wins : 1))
        best = { candidate, time };
    }
    return best.candidate;
  };

  try {
    const chosen: Record<Orientation, MatmulVariant> = { ...plan.matmul };
    for (const orientation of ['nt', 'nn', 'tn'] as const) {
      const shapes = productShapes(shape, tokens, orientation);
      const first = chosen[orientation];
      const rest = matmulVariants.filter(
        (variant) =>
          variant !== first &&
          fits(device, variant) &&
          (!half || variant.through === 'workgroup') &&
          addsInOrder(orientation, variant) === addsInOrder(orientation, first),
      );
      chosen[orientation] = await fastest([first, ...rest], (variant) => {
        for (const one of shapes)
          matmul(recorder, kernels, orientation, variant, one, { a, b, c }, undefined, { half });
      });
    }
    return { ...plan, matmul: chosen };
  } finally {
    for (const buffer of buffers) buffer.destroy();
    recorder.dispose();
  }
}
