import type { Report } from '../report/report.ts';

export interface Again {
  /** Figures that both have. */
  readonly figures: number;
  readonly equal: number;
  /** The greatest difference of any of them. */
  readonly most: number;
}

/** A run's Hits@10 and MRR@10 beside those of its repetition. */
export function compareAgain(before: readonly Report[], after: readonly Report[]): Again {
  const now = figuresOf(after);
  let figures = 0;
  let equal = 0;
  let most = 0;
  for (const [name, was] of figuresOf(before)) {
    const is = now.get(name);
    if (is === undefined) continue;
    const difference = Math.abs(is - was);
    figures++;
    if (difference === 0) equal++;
    most = Math.max(most, difference);
  }
  return { figures, equal, most };
}

function figuresOf(reports: readonly Report[]): Map<string, number> {
  const rows = reports.flatMap(({ layerwise, comparison }) => [
    ...layerwise.map(({ dataset, model, layer, metrics }) => ({
      name: `${dataset} ${model} ${layer}`,
      metrics,
    })),
    ...comparison.map(({ dataset, system, stage, metrics }) => ({
      name: `${dataset} ${system} ${stage}`,
      metrics,
    })),
  ]);
  return new Map(
    rows.flatMap(({ name, metrics }) =>
      ['hits@10', 'mrr@10'].flatMap((metric) => {
        const value = metrics[metric];
        return value === undefined ? [] : [[`${name} ${metric}`, value] as const];
      }),
    ),
  );
}
