import { useEffect, useMemo } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { readEmbeddedCurves } from '../../lab/report/embeddedCurves.ts';
import type { LayerwiseRow, Report } from '../../lab/report/report.ts';
import { type Loadable, read } from '../../state/loadable.ts';
import { readStoredReport, useReports } from '../../state/reports.ts';
import { defaultMetric, useView } from '../../state/view.ts';
import { Curves } from '../layers/Curves.tsx';
import { Source } from './Source.tsx';

interface Drawn {
  readonly metric: string;
  readonly rows: readonly LayerwiseRow[];
  readonly titles: ReadonlyMap<string, string>;
  readonly from: string;
}

/** Layer curves: those that the lab carries, or those in the frame's address. */
export function EmbeddedCurves({ query }: { readonly query: URLSearchParams }) {
  const figures = query.get('figures');
  useEffect(() => {
    useView.getState().setBands(query.get('bands') !== '0');
    if (figures === null) void readStoredReport('stored');
  }, [query, figures]);
  const stored = useReports((state) => state.stored);
  const drawn = useMemo(() => drawnOf(query, stored), [query, stored]);
  if (drawn.status === 'failed') return <Problem>{drawn.sentence}</Problem>;
  if (drawn.status === 'loading') return <p role="status">Reading the figures…</p>;
  const { metric, rows, titles, from } = drawn.value;
  return (
    <>
      <Curves
        result={{ rows, seen: new Map(), titleOf: (dataset) => titles.get(dataset) ?? dataset }}
        metric={metric}
      />
      <Source from={from} hash="#/layers" />
    </>
  );
}

function drawnOf(query: URLSearchParams, stored: Loadable<Report>): Loadable<Drawn> {
  const figures = query.get('figures');
  const chosen = query.get('collection');
  const only = (rows: readonly LayerwiseRow[]): readonly LayerwiseRow[] =>
    chosen === null ? rows : rows.filter(({ dataset }) => dataset === chosen);
  if (figures !== null) {
    return read(() => {
      const { metric, rows, titles } = readEmbeddedCurves(figures);
      const from = 'Figures of a run, as whoever made this frame gave them.';
      return { metric, rows: only(rows), titles, from };
    });
  }
  if (stored.status !== 'ready') return stored;
  const { layerwise, environment } = stored.value;
  const rows = only(layerwise);
  const metric = query.get('metric') ?? defaultMetric;
  if (!rows.some(({ metrics }) => metrics[metric] !== undefined)) {
    const what = rows.length === 0 ? `collection “${chosen}”` : `measure “${metric}”`;
    return { status: 'failed', sentence: `The stored result has no ${what}; copy the snippet again.` };
  }
  const titles = new Map(environment.datasets.map(({ name, title }) => [name, title]));
  const from = `Stored result of ${environment.startedAt.slice(0, 10)}.`;
  return { status: 'ready', value: { metric, rows, titles, from } };
}
