import { type ComparisonPace, comparisonPaceOf } from '../lab/pipeline/comparisonCost.ts';
import type { Report } from '../lab/report/report.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';

/** The latest report that timed its systems, of a run here or the stored one, and its pace; null where there is none. */
export function timedReport(): { readonly report: Report; readonly pace: ComparisonPace } | null {
  const { run } = useRun.getState();
  const { storedComparison } = useReports.getState();
  const known = [
    ...(run.status === 'done' ? [{ report: run.report, source: 'the last run here' }] : []),
    ...(storedComparison.status === 'ready'
      ? [{ report: storedComparison.value, source: 'the stored run, which had two cores and no GPU' }]
      : []),
  ];
  for (const { report, source } of known) {
    const pace = comparisonPaceOf(report, source);
    if (pace) return { report, pace };
  }
  return null;
}
