import type { ModelKind } from '../models/types.ts';
import type { LayerwiseRow } from './report.ts';

/** One model's values of one metric, layer by layer. */
export interface Curve {
  readonly model: ModelKind;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly layer: number;
  readonly value: number;
  /** 95 % bootstrap interval over queries; null where there is none, as for an average. */
  readonly interval: readonly [number, number] | null;
}

/** The curves of one collection, or of the average over collections. */
export interface Panel {
  /** Name of the collection; null for the average. */
  readonly dataset: string | null;
  /** Those of the collection, or the sum over the collections averaged. */
  readonly queries: number;
  readonly documents: number;
  readonly curves: readonly Curve[];
}

const models: readonly ModelKind[] = ['ce', 'de'];

/** Metrics that rows have values of, in the order of the rows. */
export function metricsOf(rows: readonly LayerwiseRow[]): string[] {
  return [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
}

/** One panel a collection, in the order of the rows. */
export function panelsOf(rows: readonly LayerwiseRow[], metric: string): Panel[] {
  return [...new Set(rows.map(({ dataset }) => dataset))].map((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    return {
      dataset,
      queries: Math.max(...own.map(({ queries }) => queries)),
      documents: Math.max(...own.map(({ documents }) => documents)),
      curves: models.flatMap((model) => {
        const points = own
          .filter((row) => row.model === model && row.metrics[metric] !== undefined)
          .map(({ layer, metrics, intervals }) => ({
            layer,
            value: metrics[metric]!,
            interval: intervals[metric] ?? null,
          }))
          .sort((a, b) => a.layer - b.layer);
        return points.length > 0 ? [{ model, points }] : [];
      }),
    };
  });
}

/**
 * The mean over collections, each counted alike, as the paper averages. Only collections that have every
 * model's curve count, so that both averages are over the same ones, also while a run goes on.
 */
export function averagePanel(panels: readonly Panel[]): Panel {
  const has = (panel: Panel, model: ModelKind): boolean =>
    panel.curves.some((curve) => curve.model === model);
  const present = models.filter((model) => panels.some((panel) => has(panel, model)));
  const complete = panels.filter((panel) => present.every((model) => has(panel, model)));
  return {
    dataset: null,
    queries: complete.reduce((sum, { queries }) => sum + queries, 0),
    documents: complete.reduce((sum, { documents }) => sum + documents, 0),
    curves:
      complete.length === 0
        ? []
        : present.map((model) => ({
            model,
            points: meanPoints(
              complete.flatMap(({ curves }) => curves.filter((curve) => curve.model === model)),
            ),
          })),
  };
}

function meanPoints(curves: readonly Curve[]): CurvePoint[] {
  const values = new Map<number, number[]>();
  for (const { points } of curves) {
    for (const { layer, value } of points) values.set(layer, [...(values.get(layer) ?? []), value]);
  }
  return [...values]
    .sort(([a], [b]) => a - b)
    .map(([layer, all]) => ({
      layer,
      value: all.reduce((sum, value) => sum + value, 0) / all.length,
      interval: null,
    }));
}

/** The DE's value at its last layer that was run: what a search with the whole DE reaches. */
export function finalOfDe({ curves }: Panel): number | null {
  return curves.find(({ model }) => model === 'de')?.points.at(-1)?.value ?? null;
}

/**
 * Each value as a share of the DE's at its last layer (the paper's Figures 4 and 5), 1 being as good.
 * @returns the panel without curves where that value is missing or 0
 */
export function relativeToFinal(panel: Panel): Panel {
  const final = finalOfDe(panel);
  return {
    ...panel,
    curves: final
      ? panel.curves.map(({ model, points }) => ({
          model,
          points: points.map(({ layer, value }) => ({ layer, value: value / final, interval: null })),
        }))
      : [],
  };
}

/** As on screen: emb, 1, 2, ... */
export function layerLabel(layer: number): string {
  return layer === 0 ? 'emb' : String(layer);
}

/** "hits@10" as the field writes it. */
export function metricLabel(metric: string): string {
  const [name = '', at] = metric.split('@');
  const known: Readonly<Record<string, string>> = {
    hits: 'Hits',
    mrr: 'MRR',
    ndcg: 'nDCG',
    recall: 'Recall',
    map: 'MAP',
  };
  return at === undefined ? (known[name] ?? name) : `${known[name] ?? name}@${at}`;
}
