import { useMemo } from 'react';
import type { ComparedFigures } from '../lab/report/comparisonTable.ts';
import type { DepthRow, Report } from '../lab/report/report.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useShown } from './shown.ts';
import type { Shown } from './view.ts';

/** The comparison that is drawn, wherever it comes from. */
export interface DrawnComparison extends ComparedFigures {
  readonly shown: Shown;
  /** What else could be shown. */
  readonly choices: readonly Shown[];
  readonly depths: readonly DepthRow[];
  /** null while a run goes on, or when it came to no end. */
  readonly report: Report | null;
}

/** null when there is nothing to draw yet. */
export function useComparison(): DrawnComparison | null {
  const stored = useReports((state) =>
    state.storedComparison.status === 'ready' ? state.storedComparison.value : null,
  );
  const opened = useReports((state) => state.opened?.report ?? null);
  const rows = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.comparison));
  const ran = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  const { shown, choices } = useShown({
    stored: stored !== null,
    run: (rows?.length ?? 0) > 0,
    opened: (opened?.comparison.length ?? 0) > 0,
  });
  return useMemo(() => {
    if (!shown) return null;
    const report = { stored, run: ran, opened }[shown];
    return {
      shown,
      choices,
      comparison: report?.comparison ?? rows ?? [],
      speed: report?.speed ?? [],
      tests: report?.tests ?? [],
      depths: report?.rerankDepths ?? [],
      report,
    };
  }, [shown, choices, stored, opened, rows, ran]);
}
