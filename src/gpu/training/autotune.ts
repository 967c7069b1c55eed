import type { EncoderShape } from '../../base/bertShape.ts';
import { settled } from '../buffers.ts';
import type { DeviceSession } from '../deviceSession.ts';
import { type MatmulShape, matmul } from '../kernels/matmul/matmul.ts';
import {
  addsInOrder,
  type MatmulVariant,
  matmulVariants,
  type Orientation,
} from '../kernels/matmul/variants.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
  type Precision,
} from '../launchConfiguration.ts';
import { Pass } from '../pass.ts';

export interface TuningOptions {
  /** An adapter that runs on the processor; the session's own unless a test says otherwise. */
  readonly software?: boolean;
  /** Tokens of a mini-batch that is typical for the training to come. */
  readonly tokens: number;
  /** Milliseconds after which no further candidate is tried. */
  readonly budget: number;
  readonly signal?: AbortSignal;
  readonly precision?: Precision;
}

/** Products of an encoder layer and of its gradients. */
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

/** Share of the default variant's time below which another one takes its place: noise alone is to change nothing. */
const wins = 0.95;
/** Runs of which the fastest counts: what else the machine does only ever slows one down. */
const runs = 3;
/** Milliseconds that a timed run takes at least, as a browser's clock may be as coarse as 1 ms. */
const leastTime = 10;

/** Milliseconds that what `record` records takes, the fastest of a few runs. */
async function timeRecorded(pass: Pass, record: () => void): Promise<number> {
  const { device } = pass.session;
  const once = async (repeats: number): Promise<number> => {
    const started = performance.now();
    for (let i = 0; i < repeats; i++) record();
    pass.submit();
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

/** The fastest candidate within a budget of milliseconds; the first is always tried. */
async function fastest<T>(
  pass: Pass,
  candidates: readonly T[],
  spent: () => boolean,
  record: (candidate: T) => void,
  signal?: AbortSignal,
): Promise<T> {
  const { device } = pass.session;
  let best = { candidate: candidates[0] as T, time: Number.POSITIVE_INFINITY };
  for (const candidate of candidates) {
    signal?.throwIfAborted();
    if (best.time < Number.POSITIVE_INFINITY && spent()) break;
    device.pushErrorScope('validation');
    const time = await timeRecorded(pass, () => record(candidate));
    // A submission with a fault does nothing, and nothing is fastest.
    const fault = await settled(device, device.popErrorScope());
    if (!fault && time < best.time * (best.candidate === candidates[0] ? wins : 1))
      best = { candidate, time };
  }
  return best.candidate;
}

/**
 * Measures which variants of the matrix product are fastest on a device at an encoder's sizes, one for each
 * orientation out of {@link matmulVariants}; everything else is the default. The configuration is plain data: kept and
 * given to the next trainer, it costs nothing again. Only variants that add up in the same order are chosen from, so
 * that what chance makes the fastest changes no bit of what is trained.
 * @throws UserError when the device is lost
 */
export async function autotune(
  session: DeviceSession,
  shape: EncoderShape,
  { software = session.software, tokens, budget, signal, precision = 'fp32' }: TuningOptions,
): Promise<LaunchConfiguration> {
  const configuration = defaultLaunchConfiguration(software, precision);
  const started = performance.now();
  const spent = (): boolean => performance.now() - started > budget;
  const pass = new Pass(session, configuration);
  const arena = session.arena();
  const { hidden, intermediate } = shape;
  const floats = Math.max(tokens, hidden) * Math.max(3 * hidden, intermediate);
  const make = (label: string): GPUBuffer => arena.storage(`tuning ${label}`, 4 * floats);
  try {
    const [a, b, c] = [make('a'), make('b'), make('c')];
    const chosen: Record<Orientation, MatmulVariant> = { ...configuration.matmul };
    for (const orientation of ['nt', 'nn', 'tn'] as const) {
      const shapes = productShapes(shape, tokens, orientation);
      const first = chosen[orientation];
      const rest = matmulVariants.filter(
        (variant) =>
          variant !== first &&
          fits(session.device, variant) &&
          (precision === 'fp32' || variant.through === 'workgroup') &&
          addsInOrder(orientation, variant) === addsInOrder(orientation, first),
      );
      const record = (variant: MatmulVariant): void => {
        const tried = pass.with({ matmul: { nt: variant, nn: variant, tn: variant } });
        for (const one of shapes) matmul(tried, { orientation, shape: one, a, b, c });
      };
      chosen[orientation] = await fastest(pass, [first, ...rest], spent, record, signal);
    }
    return { ...configuration, matmul: chosen };
  } finally {
    arena.dispose();
    pass.dispose();
  }
}
