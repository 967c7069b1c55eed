import { useMemo } from 'react';
import type { ComparedFigures } from '../../lab/report/comparisonTable.ts';
import type { DepthRow, Report } from '../../lab/report/report.ts';
import { useReports } from '../../state/reports.ts';
import { useRun } from '../../state/run.ts';
import { useView } from '../../state/view.ts';

/** The comparison that is drawn, wherever it comes from. */
export interface DrawnComparison extends ComparedFigures {
  readonly shown: 'stored' | 'run' | 'opened';
  readonly depths: readonly DepthRow[];
  /** null while a run goes on, or when it came to no end. */
  readonly report: Report | null;
}

/** The page's own run where it compares, an opened report that does, else the stored one. */
export function useComparison(): DrawnComparison | null {
  const opened = useReports((state) => state.opened);
  const stored = useReports((state) => state.storedComparison);
  const view = useView((state) => state.shown);
  const rows = useRun(({ run }) => (run.status === 'idle' ? null : run.progress.comparison));
  const report = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  return useMemo(() => {
    if (view === 'opened' && opened && opened.report.comparison.length > 0) {
      return fromReport(opened.report, 'opened');
    }
    if (rows && rows.length > 0) {
      return report
        ? fromReport(report, 'run')
        : { shown: 'run', comparison: rows, speed: [], tests: [], depths: [], report: null };
    }
    return stored.status === 'ready' ? fromReport(stored.value, 'stored') : null;
  }, [view, opened, stored, rows, report]);
}

function fromReport(report: Report, shown: DrawnComparison['shown']): DrawnComparison {
  const { comparison, speed, tests, rerankDepths } = report;
  return { shown, comparison, speed, tests, depths: rerankDepths, report };
}
