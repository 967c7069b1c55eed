import { useMemo } from 'react';
import type { Evaluation, LayerwiseRow, TrainingStep } from '../lab/report/report.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useShown } from './shown.ts';
import type { Shown } from './view.ts';

/** A training run as it is drawn, whether it goes on, is done, or was opened from a report. */
export interface DrawnRun {
  readonly name: string;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: readonly Evaluation[];
  readonly totalSteps: number;
}

export interface DrawnTraining {
  readonly shown: Shown;
  /** What else could be shown. */
  readonly choices: readonly Shown[];
  readonly runs: readonly DrawnRun[];
  /** Figures of the layers on the same collections; what a run is held against. */
  readonly layerwise: readonly LayerwiseRow[];
}

/** null when there is nothing to draw yet. */
export function useTraining(): DrawnTraining | null {
  const stored = useReports((state) =>
    state.storedTraining.status === 'ready' ? state.storedTraining.value : null,
  );
  const opened = useReports((state) => state.opened?.report ?? null);
  const live = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.training));
  const curves = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.curves));
  const { shown, choices } = useShown({
    stored: (stored?.training.length ?? 0) > 0,
    run: Object.keys(live ?? {}).length > 0,
    opened: (opened?.training.length ?? 0) > 0,
  });
  return useMemo(() => {
    if (!shown) return null;
    const report = { stored, run: null, opened }[shown];
    return {
      shown,
      choices,
      runs: report?.training ?? Object.entries(live ?? {}).map(([name, run]) => ({ name, ...run })),
      layerwise:
        report?.layerwise ??
        Object.values(curves ?? {}).flatMap((models) =>
          Object.values(models).flatMap((curve) => (curve?.final ? curve.rows : [])),
        ),
    };
  }, [shown, choices, stored, opened, live, curves]);
}
