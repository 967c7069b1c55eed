import { useMemo } from 'react';
import type { LayerwiseRow, Report } from '../../lab/report/report.ts';
import { useCollections } from '../../state/collections.ts';
import type { RunProgress } from '../../state/progress.ts';
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
const noCurves: RunProgress['curves'] = {};

/** null when there is nothing to draw yet. */
export function useResult(): Result | null {
  const shown = useView((state) => state.shown);
  const stored = useReports((state) => state.stored);
  const opened = useReports((state) => state.opened);
  // Progress comes many times a second, curves do not: only these may draw the charts again.
  const curves = useRun(({ run }) => (run.status === 'idle' ? noCurves : run.progress.curves));
  const ran = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  const cards = useCollections((state) => state.bundled);
  return useMemo(() => {
    const report =
      shown === 'stored'
        ? stored.status === 'ready'
          ? stored.value
          : null
        : shown === 'opened'
          ? (opened?.report ?? null)
          : ran;
    const growing =
      shown === 'run' && !ran ? Object.values(curves).flatMap((ofModel) => Object.values(ofModel)) : [];
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
  }, [shown, stored, opened, curves, ran, cards]);
}
