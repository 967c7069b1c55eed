import { useMemo } from 'react';
import type { Evaluation, LayerwiseRow, TrainingStep } from '../../lab/report/report.ts';
import { useReports } from '../../state/reports.ts';
import { useRun } from '../../state/run.ts';
import { useView } from '../../state/view.ts';

/** A training run as it is drawn, whether it goes on, is done, or was opened from a report. */
export interface DrawnRun {
  readonly name: string;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: readonly Evaluation[];
  readonly totalSteps: number;
}

export interface DrawnTraining {
  readonly runs: readonly DrawnRun[];
  /** Figures of the layers on the same collections; what a run is held against. */
  readonly layerwise: readonly LayerwiseRow[];
  /** True for the result that the page carries, which no run here made. */
  readonly stored: boolean;
}

export function useTraining(): DrawnTraining {
  const shown = useView((state) => state.shown);
  const opened = useReports((state) => state.opened);
  const kept = useReports((state) => state.storedComparison);
  const live = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.training));
  const curves = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.curves));
  return useMemo(() => {
    if (shown === 'opened' && opened) {
      return { runs: opened.report.training, layerwise: opened.report.layerwise, stored: false };
    }
    const runs = Object.entries(live ?? {}).map(([name, run]) => ({ name, ...run }));
    if (runs.length === 0 && kept.status === 'ready') {
      return { runs: kept.value.training, layerwise: kept.value.layerwise, stored: true };
    }
    return {
      runs,
      stored: false,
      layerwise: Object.values(curves ?? {}).flatMap((models) =>
        Object.values(models).flatMap((curve) => (curve?.final ? curve.rows : [])),
      ),
    };
  }, [shown, opened, live, curves, kept]);
}

/** At most `most` points: each the mean of its neighbours, so that a noisy curve can be read. */
export function thinned(
  steps: readonly TrainingStep[],
  of: (step: TrainingStep) => number,
  most = 200,
): { step: number; value: number }[] {
  const size = Math.max(1, Math.ceil(steps.length / most));
  const points: { step: number; value: number }[] = [];
  for (let at = 0; at < steps.length; at += size) {
    const part = steps.slice(at, at + size);
    points.push({
      step: part.at(-1)!.step + 1,
      value: part.reduce((sum, step) => sum + of(step), 0) / part.length,
    });
  }
  return points;
}

/** The mean of a metric over collections, each counted alike, step by step. */
export function evaluationCurve(
  evaluations: readonly Evaluation[],
  metric: string,
): { step: number; value: number }[] {
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
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
    }));
}
