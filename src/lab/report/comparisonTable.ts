import type { Cell, Table } from '../formats/table.ts';
import { metricLabel } from './curves.ts';
import type { ComparisonRow } from './report.ts';

export const stages = ['retrieve', 'retrieve+rerank'] as const;

/** As the paper's Table 1 is laid out: one row a collection, one column a stage and system; the means last. */
export function comparisonTable(rows: readonly ComparisonRow[], metric: string): Table {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const columns = comparisonColumns(rows);
  const valueAt = (dataset: string, column: { stage: string; system: string }): number | null =>
    rows.find((row) => row.dataset === dataset && row.system === column.system && row.stage === column.stage)
      ?.metrics[metric] ?? null;
  const lines: Cell[][] = datasets.map((dataset) => [
    dataset,
    ...columns.map((column) => valueAt(dataset, column)),
  ]);
  // A mean over fewer collections than its neighbour's would mislead.
  const means = columns.map((column) => {
    const values = datasets.map((dataset) => valueAt(dataset, column)).filter((value) => value !== null);
    return values.length === datasets.length && values.length > 0
      ? values.reduce((sum, value) => sum + value, 0) / values.length
      : null;
  });
  return {
    caption: `${metricLabel(metric)}, retrieve and rerank`,
    columns: ['collection', ...columns.map(({ stage, system }) => columnName(stage, system))],
    rows: [...lines, ...(datasets.length > 1 ? [['mean', ...means]] : [])],
  };
}

/** Stage and system of each column, retrieval first, systems in the order of the rows. */
export function comparisonColumns(rows: readonly ComparisonRow[]): { stage: string; system: string }[] {
  const systems = [...new Set(rows.map(({ system }) => system))];
  return stages.flatMap((stage) =>
    systems
      .filter((system) => rows.some((row) => row.stage === stage && row.system === system))
      .map((system) => ({ stage, system })),
  );
}

function columnName(stage: string, system: string): string {
  return stage === 'retrieve' ? system : `${system} + rerank`;
}

/** Of a table's line the columns that hold its highest value among those of one stage. */
export function bestColumns(line: readonly Cell[], columns: readonly { stage: string }[]): Set<number> {
  const best = new Set<number>();
  for (const stage of stages) {
    const own = columns.flatMap((column, index) => {
      const value = line[index + 1];
      return column.stage === stage && typeof value === 'number' ? [{ index: index + 1, value }] : [];
    });
    const highest = Math.max(...own.map(({ value }) => value));
    for (const { index, value } of own) if (own.length > 1 && value === highest) best.add(index);
  }
  return best;
}
