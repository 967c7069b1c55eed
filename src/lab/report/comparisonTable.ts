import type { Cell, Table, TableHead } from '../formats/table.ts';
import { systemLabel } from '../spec/systemLabel.ts';
import { metricLabel } from './curves.ts';
import type { ComparisonRow, Report, Stage } from './report.ts';

export const stages: readonly Stage[] = ['retrieve', 'retrieve+rerank'];

/** What a table or a chart of a comparison is made of; a report has it all. */
export type ComparedFigures = Pick<Report, 'comparison' | 'speed' | 'tests'>;

/** Which columns a comparison's table has. */
export interface ColumnChoice {
  readonly stages: readonly Stage[];
  readonly metrics: readonly string[];
  readonly systems: readonly string[];
}

export interface ComparisonColumn {
  readonly stage: Stage;
  readonly metric: string;
  readonly system: string;
}

const level = 0.05;

export function systemsIn(rows: readonly ComparisonRow[]): string[] {
  return [...new Set(rows.map(({ system }) => system))];
}

export function metricsIn(rows: readonly ComparisonRow[]): string[] {
  return [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
}

export function datasetsIn(rows: readonly ComparisonRow[]): string[] {
  return [...new Set(rows.map(({ dataset }) => dataset))];
}

/** The columns of a choice that have figures: by measure, then stage, then system. */
export function comparisonColumns(rows: readonly ComparisonRow[], choice: ColumnChoice): ComparisonColumn[] {
  return choice.metrics
    .flatMap((metric) =>
      stages
        .filter((stage) => choice.stages.includes(stage))
        .flatMap((stage) =>
          systemsIn(rows)
            .filter((system) => choice.systems.includes(system))
            .map((system) => ({ stage, metric, system })),
        ),
    )
    .filter(({ stage, metric, system }) =>
      rows.some((row) => row.stage === stage && row.system === system && row.metrics[metric] !== undefined),
    );
}

/**
 * One row a collection, one column a measure, stage and system, then how many times as fast as the baseline each
 * encodes; the means last. The best of a stage and metric is marked, and what
 * differs significantly from the baseline by the paired t-test after Holm's correction.
 */
export function comparisonTable({ comparison, speed, tests }: ComparedFigures, choice: ColumnChoice): Table {
  const datasets = datasetsIn(comparison);
  const columns = comparisonColumns(comparison, choice);
  const timed = [...new Set(speed.map(({ system }) => system))].filter((system) =>
    choice.systems.includes(system),
  );
  const significant = (dataset: string | null, { stage, metric, system }: ComparisonColumn): boolean =>
    tests.some(
      ({ kind, of }) =>
        kind === 'paired-t' &&
        of?.dataset === dataset &&
        of.stage === stage &&
        of.metric === metric &&
        of.system === system &&
        of.corrected !== null &&
        of.corrected < level,
    );
  const line = (name: string, dataset: string | null, values: readonly (number | null)[]): Cell[] => [
    name,
    ...columns.map((column, index): Cell => {
      const value = values[index] ?? null;
      if (value === null) return null;
      const rivals = columns.flatMap((one, at) =>
        one.stage === column.stage && one.metric === column.metric ? [values[at] ?? null] : [],
      );
      const known = rivals.filter((rival) => rival !== null);
      return {
        value,
        best: known.length > 1 && value === Math.max(...known),
        significant: significant(dataset, column),
      };
    }),
  ];
  const speedOf = (dataset: string, system: string): number | null =>
    speed.find((row) => row.dataset === dataset && row.system === system)?.speedup ?? null;
  const rows = datasets.map((dataset) => [
    ...line(
      dataset,
      dataset,
      columns.map((column) => valueAt(comparison, dataset, column)),
    ),
    ...timed.map((system) => speedOf(dataset, system)),
  ]);
  const means = [
    ...line(
      'mean',
      null,
      columns.map((column) => meanOf(datasets.map((dataset) => valueAt(comparison, dataset, column)))),
    ),
    ...timed.map((system) => meanOf(datasets.map((dataset) => speedOf(dataset, system)))),
  ];
  return {
    caption: 'Retrieve and rerank',
    columns: [
      'collection',
      ...columns.map(columnName),
      ...timed.map((system) => `speedup ${systemLabel(system)}`),
    ],
    head: headOf(columns, timed),
    rows: [...rows, ...(datasets.length > 1 ? [means] : [])],
  };
}

export function valueAt(
  rows: readonly ComparisonRow[],
  dataset: string,
  { stage, metric, system }: ComparisonColumn,
): number | null {
  return (
    rows.find((row) => row.dataset === dataset && row.system === system && row.stage === stage)?.metrics[
      metric
    ] ?? null
  );
}

/** null where one is missing: a mean over fewer collections than its neighbour's would mislead. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0
    ? known.reduce((sum, value) => sum + value, 0) / known.length
    : null;
}

function columnName({ stage, metric, system }: ComparisonColumn): string {
  return `${metricLabel(metric)} ${systemLabel(system)}${stage === 'retrieve' ? '' : ' + rerank'}`;
}

/** What a stage is called on screen. */
export const stageLabels: Readonly<Record<Stage, string>> = {
  retrieve: 'Retrieve',
  'retrieve+rerank': 'Retrieve + rerank',
};

function headOf(columns: readonly ComparisonColumn[], timed: readonly string[]): TableHead {
  const none = { label: '', span: 1 };
  const speed = timed.length > 0 ? [{ label: 'Speedup', span: timed.length }] : [];
  return {
    groups: [
      [none, ...spans(columns, ({ metric }) => metricLabel(metric)), ...speed],
      [
        none,
        ...spans(columns, ({ metric, stage }) => `${metric} ${stage}`).map(({ span, first }) => ({
          label: stageLabels[first.stage],
          span,
        })),
        ...speed.map(({ span }) => ({ label: '', span })),
      ],
    ],
    columns: ['collection', ...[...columns.map(({ system }) => system), ...timed].map(systemLabel)],
  };
}

/** Neighbours that are called alike, together. */
function spans(
  columns: readonly ComparisonColumn[],
  labelOf: (column: ComparisonColumn) => string,
): { label: string; span: number; first: ComparisonColumn }[] {
  const found: { label: string; span: number; first: ComparisonColumn }[] = [];
  for (const column of columns) {
    const label = labelOf(column);
    const last = found.at(-1);
    if (last?.label === label) last.span++;
    else found.push({ label, span: 1, first: column });
  }
  return found;
}

/** Everything measured, one row a collection, system and stage, for a spreadsheet or a notebook. */
export function longComparisonTable({ comparison, speed }: ComparedFigures): Table {
  const metrics = metricsIn(comparison);
  return {
    caption: 'Every metric by system and stage',
    columns: [
      'collection',
      'system',
      'stage',
      'queries',
      'documents',
      ...metrics,
      'texts per second',
      'speedup',
      'texts per second without tokenising',
      'speedup without tokenising',
    ],
    rows: comparison.map((row) => {
      const fast = speed.find((one) => one.dataset === row.dataset && one.system === row.system);
      return [
        row.dataset,
        row.system,
        row.stage,
        row.queries,
        row.documents,
        ...metrics.map((metric) => row.metrics[metric] ?? null),
        fast?.textsPerSecond ?? null,
        fast?.speedup ?? null,
        fast?.encoderTextsPerSecond ?? null,
        fast?.encoderSpeedup ?? null,
      ];
    }),
  };
}
