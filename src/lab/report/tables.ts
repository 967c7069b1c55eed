import type { Cell, Table } from '../formats/table.ts';
import { averagePanel, layerLabel, metricLabel, type Panel, panelsOf } from './curves.ts';
import type { LayerwiseRow } from './report.ts';

/** One row a collection and model, one column a layer; the averages last. */
export function layerwiseTable(rows: readonly LayerwiseRow[], metric: string): Table {
  const panels = panelsOf(rows, metric);
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
  const lines = (panel: Panel): Cell[][] =>
    panel.curves.map(({ model, points }) => [
      panel.dataset ?? 'average',
      model.toUpperCase(),
      panel.queries,
      panel.documents,
      ...layers.map((layer) => points.find((point) => point.layer === layer)?.value ?? null),
    ]);
  return {
    caption: `${metricLabel(metric)} by layer`,
    columns: ['collection', 'model', 'queries', 'documents', ...layers.map(layerLabel)],
    rows: [...panels, ...(panels.length > 1 ? [averagePanel(panels)] : [])].flatMap(lines),
  };
}

/** Everything measured, one row a collection, model and layer, for a spreadsheet or a notebook. */
export function longTable(rows: readonly LayerwiseRow[]): Table {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  return {
    caption: 'Every metric by layer, with 95 % bootstrap intervals over queries',
    columns: [
      'collection',
      'model',
      'layer',
      'queries',
      'documents',
      ...metrics.flatMap((metric) => [metric, `${metric} low`, `${metric} high`]),
    ],
    rows: rows.map((row) => [
      row.dataset,
      row.model,
      row.layer,
      row.queries,
      row.documents,
      ...metrics.flatMap((metric): Cell[] => {
        const [low, high] = row.intervals[metric] ?? [null, null];
        return [row.metrics[metric] ?? null, low, high];
      }),
    ]),
  };
}
