export interface Schedule {
  /** The highest, at the end of the warm-up. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/**
 * Linear warm-up from 0, then linear decay to 0, as `get_linear_schedule_with_warmup` of transformers.
 * @param step counts from 0; the first step has the rate 0 unless there is no warm-up
 */
export function learningRateAt(step: number, { learningRate, warmupSteps, totalSteps }: Schedule): number {
  if (step < warmupSteps) return (learningRate * step) / Math.max(1, warmupSteps);
  return learningRate * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}
