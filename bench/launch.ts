import type { EncoderShape } from '../src/base/bertShape.ts';
import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import {
  defaultLaunchConfiguration,
  type LaunchConfiguration,
  type Precision,
} from '../src/gpu/launchConfiguration.ts';
import { autotune } from '../src/gpu/training/autotune.ts';
import type { Log } from './row.ts';

/** Milliseconds that autotuning may take. */
const budget = 60_000;

/** What the lab would train by: autotuned, but on a software adapter the default. */
export async function benchConfiguration(
  session: DeviceSession,
  shape: EncoderShape,
  tokens: number,
  log: Log,
  precision: Precision = 'fp32',
): Promise<LaunchConfiguration> {
  if (session.software) return defaultLaunchConfiguration(true, precision);
  const configuration = await autotune(session, shape, { tokens, budget, precision });
  log(`  launch configuration ${JSON.stringify(configuration)}`);
  return configuration;
}
