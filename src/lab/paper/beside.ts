import type { Table } from '../formats/table.ts';
import { metricLabel } from '../report/curves.ts';
import type { ComparisonRow, SpeedRow, Stage } from '../report/report.ts';
import { paperRowOf } from './identity.ts';
import {
  type PaperMetric,
  type PaperSystem,
  paperMetrics,
  paperSystems,
  paperValue,
  stageTitles,
  systemTitles,
} from './reported.ts';

/** One figure of ours with the paper's. */
export interface BesideFigure {
  readonly metric: PaperMetric;
  readonly ours: number;
  readonly paper: number;
  /** Ours minus the paper's. */
  readonly difference: number;
}

/** A system on one of the paper's collections. */
export interface BesideRow {
  /** What our report calls the collection, and what Table 1 does. */
  readonly dataset: string;
  readonly paperDataset: string;
  readonly system: PaperSystem;
  readonly stage: Stage;
  readonly queries: number;
  readonly documents: number;
  readonly figures: readonly BesideFigure[];
  /** Against the baseline; null where it was not measured, and for the baseline. */
  readonly speedup: { readonly ours: number; readonly paper: number } | null;
}

export interface ComparedRows {
  readonly comparison: readonly ComparisonRow[];
  readonly speed?: readonly SpeedRow[];
  /** Where the collections come from. */
  readonly datasets: readonly { readonly name: string; readonly source: string }[];
}

/**
 * Joins a comparison's rows with Table 1: those of the paper's systems (`baseline`, `de-2-ce`, `de-2-rand`) on
 * the paper's collections, at stages that the table has.
 */
export function besideThePaper({ comparison, speed = [], datasets }: ComparedRows): BesideRow[] {
  return datasets.flatMap((dataset) => {
    const paper = paperRowOf(dataset);
    if (!paper) return [];
    return comparison.flatMap((row): BesideRow[] => {
      const system = paperSystems.find((name) => name === row.system);
      if (row.dataset !== dataset.name || !system) return [];
      const figures = paperMetrics.flatMap((metric): BesideFigure[] => {
        const ours = row.metrics[metric];
        const theirs = paperValue(paper, row.stage, metric, system);
        return ours === undefined || theirs === null
          ? []
          : [{ metric, ours, paper: theirs, difference: ours - theirs }];
      });
      if (figures.length === 0) return [];
      const timed =
        system === 'de-2-ce'
          ? speed.find((one) => one.dataset === row.dataset && one.system === row.system)
          : undefined;
      return [
        {
          dataset: row.dataset,
          paperDataset: paper.dataset,
          system,
          stage: row.stage,
          queries: row.queries,
          documents: row.documents,
          figures,
          speedup: timed ? { ours: timed.speedup, paper: paper.speedup } : null,
        },
      ];
    });
  });
}

/** Ours, the paper's and the difference as a table; the paper's figures are text, with the two decimals it prints. */
export function besideTable(rows: readonly BesideRow[]): Table {
  const timed = rows.some(({ speedup }) => speedup !== null);
  return {
    caption: 'Ours beside the paper’s',
    columns: [
      'collection',
      'system',
      'queries',
      'documents',
      ...paperMetrics.flatMap((metric) => {
        const name = metricLabel(metric);
        return [`${name}, ours`, `${name}, the paper’s`, `${name}, difference`];
      }),
      ...(timed ? ['speedup, ours', 'speedup, the paper’s'] : []),
    ],
    rows: rows.map(({ paperDataset, system, stage, queries, documents, figures, speedup }) => [
      paperDataset,
      `${systemTitles[system]}, ${stageTitles[stage].toLowerCase()}`,
      queries,
      documents,
      ...paperMetrics.flatMap((metric) => {
        const figure = figures.find((one) => one.metric === metric);
        return figure ? [figure.ours, figure.paper.toFixed(2), figure.difference] : [null, null, null];
      }),
      ...(timed ? [speedup?.ours ?? null, speedup?.paper.toFixed(1) ?? null] : []),
    ]),
  };
}
