import { useMemo } from 'react';
import type { LayerwiseRow, Report } from '../../lab/report/report.ts';
import { useCollections } from '../../state/collections.ts';
import { useReports } from '../../state/reports.ts';
import { useRun } from '../../state/run.ts';
import { type Shown, useView } from '../../state/view.ts';

/** What the charts draw, wherever it comes from. */
export interface Result {
  readonly shown: Shown;
  readonly rows: readonly LayerwiseRow[];
  /** null while a run goes on, or when it came to no end. */
  readonly report: Report | null;
  /** Share of the documents that a growing curve has seen, by "collection model". */
  readonly seen: ReadonlyMap<string, number>;
  readonly titleOf: (dataset: string) => string;
}

const none: readonly LayerwiseRow[] = [];

/** null when there is nothing to draw yet. */
export function useResult(): Result | null {
  const shown = useView((state) => state.shown);
  const stored = useReports((state) => state.stored);
  const opened = useReports((state) => state.opened);
  const run = useRun((state) => state.run);
  const cards = useCollections((state) => state.bundled);
  return useMemo(() => {
    const report =
      shown === 'stored'
        ? stored.status === 'ready'
          ? stored.value
          : null
        : shown === 'opened'
          ? (opened?.report ?? null)
          : run.status === 'done'
            ? run.report
            : null;
    const growing =
      shown === 'run' && run.status !== 'idle' && run.status !== 'done'
        ? Object.values(run.progress.curves).flatMap((curves) => Object.values(curves))
        : [];
    const rows = report?.layerwise ?? growing.flatMap((curve) => curve?.rows ?? none);
    if (!report && shown !== 'run') return null;
    const titles = new Map(
      [...cards, ...(report?.environment.datasets ?? [])].map(({ name, title }) => [name, title]),
    );
    return {
      shown,
      rows,
      report,
      seen: new Map(
        growing.flatMap((curve) => {
          const [first] = curve?.rows ?? none;
          return curve && first
            ? [[`${first.dataset} ${first.model}`, curve.documentsSeen / curve.documentsTotal] as const]
            : [];
        }),
      ),
      titleOf: (dataset) => titles.get(dataset) ?? dataset,
    };
  }, [shown, stored, opened, run, cards]);
}
