import { stages } from '../report/comparisonTable.ts';
import { metricLabel } from '../report/curves.ts';
import type { ComparisonRow, Stage, TestRow } from '../report/report.ts';
import { holm } from '../stats/holm.ts';
import { differenceInterval } from '../stats/interval.ts';
import { randomisationTest } from '../stats/randomisation.ts';
import { pairedTTest } from '../stats/ttest.ts';
import { withinOnePercent } from '../stats/within.ts';

export const testedMetrics = ['hits@10', 'mrr@10'] as const;

/** Tosses of a randomisation test that cannot try all signs. */
const samples = 10_000;

/** The paper's Limitations say it: a test that finds no difference does not show that there is none. */
const caveat = 'which does not show that they are equal';

/** What queries of one collection came to, for a system at a stage: metric to one value a query. */
export type QueryValues = (
  dataset: string,
  system: string,
  stage: Stage,
  metric: string,
) => Float64Array | undefined;

/**
 * Each system against the baseline, stage by stage, Hits@10 and MRR@10: paired by collection, as section 4.4
 * of the paper tests DE-2 CE, and within each collection paired by query. A paired t-test, a randomisation test
 * beside it, and Holm's correction over the systems.
 */
export function systemTests(
  rows: readonly ComparisonRow[],
  baseline: string,
  valuesOf: QueryValues,
  seed: number,
): TestRow[] {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  return stages.flatMap((stage) =>
    testedMetrics.flatMap((metric) => {
      const at = (dataset: string, system: string): number | undefined =>
        rows.find((row) => row.dataset === dataset && row.system === system && row.stage === stage)?.metrics[
          metric
        ];
      const systems = [
        ...new Set(rows.filter((row) => row.stage === stage).map(({ system }) => system)),
      ].filter((system) => system !== baseline);
      const across = systems.flatMap((system) => {
        const pairs = datasets.flatMap((dataset) => {
          const [a, b] = [at(dataset, system), at(dataset, baseline)];
          return a !== undefined && b !== undefined ? [{ a, b }] : [];
        });
        return pairs.length === 0 ? [] : [{ system, a: pairs.map(({ a }) => a), b: pairs.map(({ b }) => b) }];
      });
      const within = datasets.map((dataset) => ({
        dataset,
        pairs: systems.flatMap((system) => {
          const a = valuesOf(dataset, system, stage, metric);
          const b = valuesOf(dataset, baseline, stage, metric);
          return a && b ? [{ system, a: [...a], b: [...b] }] : [];
        }),
      }));
      const about = { against: baseline, stage, metric, seed };
      return [
        ...family({ ...about, dataset: null }, across),
        ...within.flatMap(({ dataset, pairs }) => family({ ...about, dataset }, pairs)),
      ];
    }),
  );
}

interface About {
  readonly against: string;
  readonly stage: Stage;
  readonly metric: string;
  readonly dataset: string | null;
  readonly seed: number;
}

interface Pairs {
  readonly system: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** The tests of one stage, metric and collection: a family for Holm's correction, each kind by itself. */
function family(about: About, pairs: readonly Pairs[]): TestRow[] {
  const t = pairs.map(({ a, b }) => pairedTTest(a, b));
  const toss = pairs.map(({ a, b }) => randomisationTest(a, b, { samples, seed: about.seed }));
  const correctedT = holm(t.map(({ pValue }) => pValue));
  const correctedToss = holm(toss.map(({ pValue }) => pValue));
  return pairs.flatMap(({ system, a, b }, i): TestRow[] => {
    const { against, stage, metric, dataset } = about;
    const where = dataset === null ? 'across collections' : `queries of ${dataset}`;
    const name = `${metricLabel(metric)}, ${stage}, ${system} minus ${against}, ${where}`;
    const of = { system, against, stage, metric, dataset, interval: differenceInterval(a, b) };
    const test = t[i]!;
    return [
      {
        name,
        kind: 'paired-t',
        ...test,
        sentence: sentenceOf(about, { system, a, b }, test, correctedT[i]!, pairs.length),
        of: { ...of, corrected: correctedT[i]! },
      },
      {
        name: `${name}, randomisation`,
        kind: 'randomisation',
        n: toss[i]!.n,
        meanDifference: toss[i]!.meanDifference,
        statistic: null,
        degreesOfFreedom: null,
        pValue: toss[i]!.pValue,
        sentence: `Randomisation test beside it (${toss[i]!.exact ? 'every' : 'a sample of'} ${toss[i]!.patterns.toLocaleString('en')} sign patterns): ${pInWords(toss[i]!.pValue)}.`,
        of: { ...of, corrected: correctedToss[i]! },
      },
    ];
  });
}

function sentenceOf(
  { against, stage, metric, dataset }: About,
  { system, a, b }: Pairs,
  { n, meanDifference, statistic, degreesOfFreedom, pValue }: ReturnType<typeof pairedTTest>,
  corrected: number | null,
  systems: number,
): string {
  const direction = meanDifference >= 0 ? 'above' : 'below';
  const over =
    dataset === null
      ? `over ${n} ${n === 1 ? 'collection' : 'collections'}`
      : `over the ${n} queries of ${dataset}`;
  const { points, relative } = withinOnePercent(a, b);
  const near =
    dataset === null
      ? `; no more than 0.01 below it on ${points} of ${n}, no more than 1 % of its figure on ${relative}`
      : '';
  const mean = `${stage}: ${system} is on average ${Math.abs(meanDifference).toFixed(3)} ${metricLabel(metric)} ${direction} ${against} ${over}${near}`;
  if (statistic === null || pValue === null) {
    return `${mean}; a paired t-test needs at least two ${dataset === null ? 'collections' : 'queries'} whose differences vary.`;
  }
  const decides = corrected ?? pValue;
  const holmed = systems > 1 ? `, ${pInWords(corrected)} by Holm over ${systems} systems` : '';
  return (
    `${mean} (paired two-tailed t-test, n = ${n}, t(${degreesOfFreedom}) = ${statistic.toFixed(2)}, ` +
    `${pInWords(pValue)}${holmed}): ${decides < 0.05 ? 'significant at 0.05' : `not significant at 0.05, ${caveat}`}.`
  );
}

export function pInWords(p: number | null): string {
  if (p === null) return 'p is not defined';
  return `p = ${p < 0.001 ? p.toExponential(1) : p.toFixed(3)}`;
}
