import type { Evaluation, TrainingStep } from './report.ts';

/** A point of a curve over the steps of a training run. */
export interface StepPoint {
  readonly step: number;
  readonly value: number;
}

/** A running mean is over such a part of a run's steps. */
const smoothedShare = 0.05;
/** Points that a curve is drawn of, at most. */
const mostPoints = 200;

/** A value of each step; of a long run at most 200, each the mean of its neighbours. */
export function stepCurve(steps: readonly TrainingStep[], of: (step: TrainingStep) => number): StepPoint[] {
  const size = Math.max(1, Math.ceil(steps.length / mostPoints));
  const points: StepPoint[] = [];
  for (let at = 0; at < steps.length; at += size) {
    const part = steps.slice(at, at + size);
    points.push({ step: part.at(-1)!.step + 1, value: mean(part.map(of)) });
  }
  return points;
}

/** A curve and its running mean, centred, over a twentieth of the run; towards the ends over fewer steps. */
export function smoothedCurve(
  steps: readonly TrainingStep[],
  of: (step: TrainingStep) => number,
): { readonly points: StepPoint[]; readonly raw: StepPoint[] } {
  const raw = stepCurve(steps, of);
  const half = Math.max(1, Math.round((raw.length * smoothedShare) / 2));
  const points = raw.map(({ step }, at) => {
    const reach = Math.min(half, at, raw.length - 1 - at);
    return { step, value: mean(raw.slice(at - reach, at + reach + 1).map(({ value }) => value)) };
  });
  return { points, raw };
}

/** The mean of a metric over collections, each counted alike, step by step. */
export function evaluationCurve(evaluations: readonly Evaluation[], metric: string): StepPoint[] {
  const byStep = new Map<number, number[]>();
  for (const { step, metrics } of evaluations) {
    const value = metrics[metric];
    if (value !== undefined) byStep.set(step, [...(byStep.get(step) ?? []), value]);
  }
  const collections = new Set(evaluations.map(({ dataset }) => dataset)).size;
  return [...byStep]
    .filter(([, values]) => values.length === collections)
    .sort(([a], [b]) => a - b)
    .map(([step, values]) => ({
      step,
      value: mean(values),
    }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
