import { useMemo } from 'react';
import type { LayerwiseRow, Report } from '../lab/report/report.ts';
import { useCollections } from './collections.ts';
import type { RunProgress } from './progress.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useShown } from './shown.ts';
import type { Shown } from './view.ts';

/** What the charts of layers draw. */
export interface LayerFigures {
  readonly rows: readonly LayerwiseRow[];
  /** Share of the documents that a growing curve has seen, by "collection model". */
  readonly seen: ReadonlyMap<string, number>;
  readonly titleOf: (dataset: string) => string;
}

/** The figures that are drawn, wherever they come from. */
export interface LayerResult extends LayerFigures {
  readonly shown: Shown;
  /** What else could be shown. */
  readonly choices: readonly Shown[];
  /** null while a run goes on, or when it came to no end. */
  readonly report: Report | null;
}

const none: readonly LayerwiseRow[] = [];
const noCurves: RunProgress['curves'] = {};

/** null when there is nothing to draw yet. */
export function useLayerResult(): LayerResult | null {
  const stored = useReports((state) => (state.stored.status === 'ready' ? state.stored.value : null));
  const opened = useReports((state) => state.opened?.report ?? null);
  // Progress comes many times a second, curves do not: only these may draw the charts again.
  const curves = useRun(({ run }) => (run.status === 'idle' ? noCurves : run.progress.curves));
  const ran = useRun(({ run }) => (run.status === 'done' ? run.report : null));
  // A run that goes on has curves to come; one that ended without any leaves the page to what was there before.
  const searches = useRun(({ run }) =>
    run.status === 'running'
      ? run.spec.layerwise.enabled
      : run.status !== 'idle' && Object.keys(run.progress.curves).length > 0,
  );
  const cards = useCollections((state) => state.bundled);
  const { shown, choices } = useShown({
    stored: stored !== null,
    run: searches,
    opened: (opened?.layerwise.length ?? 0) > 0,
  });
  return useMemo(() => {
    if (!shown) return null;
    const report = { stored, run: ran, opened }[shown];
    const growing = report ? [] : Object.values(curves).flatMap((ofModel) => Object.values(ofModel));
    const titles = new Map(
      [...cards, ...(report?.environment.datasets ?? [])].map(({ name, title }) => [name, title]),
    );
    return {
      shown,
      choices,
      rows: report?.layerwise ?? growing.flatMap((curve) => curve?.rows ?? none),
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
  }, [shown, choices, stored, opened, curves, ran, cards]);
}
