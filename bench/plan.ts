import type { EncoderShape } from '../src/base/bertShape.ts';
import { defaultPlan, type KernelPlan, type Precision } from '../src/gpu/training/plan.ts';
import { measurePlan } from '../src/gpu/training/tune.ts';
import type { Log } from './row.ts';

/** Milliseconds that measuring layouts may take. */
const budget = 60_000;

/** The plan that the lab would train by: measured, but on a software adapter the default one. */
export async function benchPlan(
  device: GPUDevice,
  shape: EncoderShape,
  software: boolean,
  tokens: number,
  log: Log,
  precision: Precision = 'fp32',
): Promise<KernelPlan> {
  if (software) return defaultPlan(true, precision);
  const plan = await measurePlan(device, shape, { software, tokens, budget, precision });
  log(`  plan ${JSON.stringify(plan)}`);
  return plan;
}
