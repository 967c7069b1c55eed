import { stages } from '../report/comparisonTable.ts';
import { metricLabel } from '../report/curves.ts';
import type { ComparisonRow, TestRow } from '../report/report.ts';
import { holm } from '../stats/holm.ts';
import { differenceInterval } from '../stats/interval.ts';
import { pairedTTest } from '../stats/ttest.ts';
import { pInWords, type QueryValues, testedMetrics } from './tests.ts';

/**
 * Each system against the baseline, at both stages, by Hits@10 and MRR@10: a paired t-test over the queries of all
 * collections together, each query counted alike. Holm's correction is over all of these tests, so that a whole table
 * of systems has one chance in twenty of a false finding.
 */
export function pooledTests(
  rows: readonly ComparisonRow[],
  baseline: string,
  valuesOf: QueryValues,
): TestRow[] {
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const systems = [...new Set(rows.map(({ system }) => system))].filter((system) => system !== baseline);
  const tests = stages.flatMap((stage) =>
    testedMetrics.flatMap((metric) =>
      systems.flatMap((system) => {
        const pairs = datasets.map((dataset) => ({
          a: valuesOf(dataset, system, stage, metric),
          b: valuesOf(dataset, baseline, stage, metric),
        }));
        // Over fewer collections than its neighbours a system would be held to another measure.
        if (!pairs.every(({ a, b }) => a && b)) return [];
        const [a, b] = [pairs.flatMap(({ a: own }) => [...own!]), pairs.flatMap(({ b: own }) => [...own!])];
        return [{ stage, metric, system, test: pairedTTest(a, b), interval: differenceInterval(a, b) }];
      }),
    ),
  );
  const corrected = holm(tests.map(({ test }) => test.pValue));
  return tests.map(({ stage, metric, system, test, interval }, i) => ({
    name: `${metricLabel(metric)}, ${stage}, ${system} minus ${baseline}, queries of all collections`,
    kind: 'paired-t',
    ...test,
    sentence:
      `${stage}: ${system} is on average ${Math.abs(test.meanDifference).toFixed(3)} ${metricLabel(metric)} ` +
      `${test.meanDifference >= 0 ? 'above' : 'below'} ${baseline} over ${test.n.toLocaleString('en')} queries ` +
      `(paired two-tailed t-test, ${pInWords(test.pValue)}, ${pInWords(corrected[i]!)} by Holm over all ${tests.length} tests of the table).`,
    of: { system, against: baseline, stage, metric, dataset: null, interval, corrected: corrected[i]! },
  }));
}
