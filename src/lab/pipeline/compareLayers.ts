import type { LayerwiseRow, TestRow } from '../report/report.ts';
import { pairedTTest } from '../stats/ttest.ts';

const metrics = [
  ['hits@10', 'Hits@10'],
  ['mrr@10', 'MRR@10'],
] as const;

const caveat =
  'A difference that is not significant does not show that the layers are equal, least of all over so few collections.';

/** The paper's test of section 4.3: CE against DE at the embedding layer, paired by collection. */
export function embeddingLayerTests(rows: readonly LayerwiseRow[]): TestRow[] {
  const at = (dataset: string, model: 'ce' | 'de'): LayerwiseRow | undefined =>
    rows.find((row) => row.dataset === dataset && row.model === model && row.layer === 0);
  const pairs = [...new Set(rows.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const ce = at(dataset, 'ce');
    const de = at(dataset, 'de');
    return ce && de ? [{ ce, de }] : [];
  });
  if (pairs.length === 0) return [];
  return metrics.map(([metric, label]) => {
    const test = pairedTTest(
      pairs.map(({ ce }) => ce.metrics[metric]!),
      pairs.map(({ de }) => de.metrics[metric]!),
    );
    return {
      name: `${label} of the embedding layer, CE minus DE, across collections`,
      kind: 'paired-t' as const,
      ...test,
      sentence: sentenceFor(label, test),
    };
  });
}

function sentenceFor(label: string, test: Omit<TestRow, 'name' | 'kind' | 'sentence'>): string {
  const { n, meanDifference, statistic, degreesOfFreedom, pValue } = test;
  const direction = meanDifference >= 0 ? 'above' : 'below';
  const mean = `Over ${n} ${n === 1 ? 'collection' : 'collections'} the CE's embedding layer is on average ${Math.abs(meanDifference).toFixed(3)} ${label} ${direction} the DE's`;
  if (statistic === null || pValue === null) {
    return `${mean}; a paired t-test needs at least two collections whose differences vary.`;
  }
  const verdict = pValue < 0.05 ? 'significant at 0.05' : 'not significant at 0.05';
  return (
    `${mean} (paired two-tailed t-test, t(${degreesOfFreedom}) = ${statistic.toFixed(2)}, ` +
    `p = ${pValue < 0.001 ? pValue.toExponential(1) : pValue.toFixed(3)}): ${verdict}. ${pValue < 0.05 ? '' : caveat}`
  ).trim();
}
