import { meanOf } from '../report/comparisonTable.ts';
import type { Report } from '../report/report.ts';

export interface DepthPoint {
  readonly depth: number;
  readonly value: number;
  /** Of the CE's reading, for one query. */
  readonly seconds: number;
}

/** A system's metric by documents reranked: means over the collections, each counted alike. */
export function depthPoints(
  { rerankDepths, comparison }: Pick<Report, 'rerankDepths' | 'comparison'>,
  system: string,
  metric: string,
): DepthPoint[] {
  const own = rerankDepths.filter((row) => row.system === system);
  const queriesOf = (dataset: string): number =>
    comparison.find((row) => row.dataset === dataset && row.system === system)?.queries ?? 0;
  return [...new Set(own.map(({ depth }) => depth))]
    .sort((a, b) => a - b)
    .flatMap((depth) => {
      const at = own.filter((row) => row.depth === depth);
      const value = meanOf(at.map(({ metrics }) => metrics[metric] ?? null));
      const seconds = meanOf(at.map((row) => row.seconds / queriesOf(row.dataset)));
      return value === null || seconds === null ? [] : [{ depth, value, seconds }];
    });
}
