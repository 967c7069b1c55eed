import { stages } from '../report/comparisonTable.ts';
import type { ComparisonRow, TestRow } from '../report/report.ts';
import { pairedTTest } from '../stats/ttest.ts';

const metrics = [
  ['hits@10', 'Hits@10'],
  ['mrr@10', 'MRR@10'],
] as const;

/** The paper counts a system as level with the baseline within this share of its figure. */
const within = 0.01;

/**
 * Each system against the baseline, paired by collection, as section 4.4 of the paper tests DE-2 CE: stage by
 * stage, Hits@10 and MRR@10.
 */
export function systemTests(rows: readonly ComparisonRow[], baseline: string): TestRow[] {
  const others = [...new Set(rows.map(({ system }) => system))].filter((system) => system !== baseline);
  return stages.flatMap((stage) =>
    others.flatMap((system) =>
      metrics.flatMap(([metric, label]) => {
        const pairs = rows.flatMap((row) => {
          if (row.stage !== stage || row.system !== system) return [];
          const base = rows.find(
            (one) => one.stage === stage && one.system === baseline && one.dataset === row.dataset,
          );
          const [a, b] = [row.metrics[metric], base?.metrics[metric]];
          return a !== undefined && b !== undefined ? [{ a, b }] : [];
        });
        if (pairs.length === 0) return [];
        const test = pairedTTest(
          pairs.map(({ a }) => a),
          pairs.map(({ b }) => b),
        );
        const near = pairs.filter(({ a, b }) => a >= b * (1 - within)).length;
        return [
          {
            name: `${label}, ${stage}, ${system} minus ${baseline}, across collections`,
            kind: 'paired-t' as const,
            ...test,
            sentence: sentenceFor(system, baseline, label, stage, near, test),
          },
        ];
      }),
    ),
  );
}

function sentenceFor(
  system: string,
  baseline: string,
  label: string,
  stage: string,
  near: number,
  { n, meanDifference, statistic, degreesOfFreedom, pValue }: ReturnType<typeof pairedTTest>,
): string {
  const direction = meanDifference >= 0 ? 'above' : 'below';
  const mean =
    `${stage}: ${system} is on average ${Math.abs(meanDifference).toFixed(3)} ${label} ${direction} ${baseline} ` +
    `over ${n} ${n === 1 ? 'collection' : 'collections'}, and within 1 % of it or better on ${near}`;
  if (statistic === null || pValue === null) {
    return `${mean}; a paired t-test needs at least two collections whose differences vary.`;
  }
  const verdict =
    pValue < 0.05
      ? 'significant at 0.05'
      : 'not significant at 0.05, which does not show that they are equal';
  return `${mean} (paired two-tailed t-test, t(${degreesOfFreedom}) = ${statistic.toFixed(2)}, p = ${pValue.toFixed(3)}): ${verdict}.`;
}
