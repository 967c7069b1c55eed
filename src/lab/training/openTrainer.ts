import type { EncoderShape } from '../../base/bertShape.ts';
import type { DeviceSession } from '../../gpu/deviceSession.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
  type Precision,
} from '../../gpu/launchConfiguration.ts';
import { autotune } from '../../gpu/training/autotune.ts';
import { createTrainer, type Trainer, type TrainerOptions } from '../../gpu/training/trainer.ts';
import { rememberedLaunch } from './launchStore.ts';

/** A GPU is measured with mini-batches of so many tokens, for `budget` milliseconds at most. */
const measuring = { tokens: 2048, budget: 8000 } as const;

/** What a launch configuration holds for, besides the adapter and the shape. */
export interface MeasuredBy {
  readonly userAgent: string;
  readonly appVersion: string;
}

export type TrainerChoice = Omit<TrainerOptions, 'configuration'> & { readonly precision: Precision };

export interface OpenedTrainer {
  readonly trainer: Trainer;
  readonly adapter: string;
  /** What the trainer's bits depend on: the adapter and how kernels are launched on it. */
  readonly rounding: string;
}

/**
 * Opens a trainer with the launch configuration that suits the device.
 * @param say told what takes time: on a GPU that was not trained on before, how its kernels are best launched is
 *   measured first
 */
export async function openTrainer(
  session: DeviceSession,
  by: MeasuredBy,
  { precision, ...options }: TrainerChoice,
  say: (stage: string) => Promise<void>,
  signal: AbortSignal,
): Promise<OpenedTrainer> {
  const { adapter } = session;
  // A processor's caches make little of another variant, and measuring there takes long.
  const configuration = session.software
    ? defaultLaunchConfiguration(true, precision)
    : await tuned(session, by, options.shape, precision, say, signal);
  const trainer = await createTrainer(session, { ...options, configuration });
  return { trainer, adapter, rounding: `${adapter} ${JSON.stringify(configuration)}` };
}

/** How kernels are best launched, measured once and remembered. */
async function tuned(
  session: DeviceSession,
  by: MeasuredBy,
  shape: EncoderShape,
  precision: Precision,
  say: (stage: string) => Promise<void>,
  signal: AbortSignal,
): Promise<LaunchConfiguration> {
  const { hidden, intermediate } = shape;
  const { userAgent, appVersion } = by;
  const key = { adapter: session.adapter, userAgent, appVersion, hidden, intermediate, precision };
  return await rememberedLaunch(key, defaultLaunchConfiguration(false, precision), async () => {
    await say('Measuring once how this GPU is best used');
    return await autotune(session, shape, { ...measuring, precision, signal });
  });
}
