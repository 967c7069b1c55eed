import type { Table } from '../formats/table.ts';
import { metricLabel } from '../report/curves.ts';
import type { Stage } from '../report/report.ts';
import { holm } from '../stats/holm.ts';
import { differenceInterval } from '../stats/interval.ts';
import { randomisationTest } from '../stats/randomisation.ts';
import { type PairedTest, pairedTTest } from '../stats/ttest.ts';
import { withinOnePercent } from '../stats/within.ts';
import { type Claim, meanOf, pInWords, roundingOf, type Step, signed, sumInWords } from './claim.ts';
import { countParameters, minilmShape } from './minilm.ts';
import {
  type PaperMetric,
  type PaperSystem,
  paperColumn,
  paperMetrics,
  reported,
  stageTitles,
  systemTitles,
} from './reported.ts';
import { halfStep, shareOfRoundings } from './rounding.ts';

const said = reported.claims.infusion;
const datasets = reported.table1.map(({ dataset }) => dataset);

/** Section 4.4: claims about the infused models, recomputed from Table 1. */
export function infusionClaims(): Claim[] {
  return [
    parameters(),
    meanReranked('hits@10'),
    meanReranked('mrr@10'),
    deeperModel(),
    betterThanRandom(),
    withinOne(),
    meanDifference(),
    noSignificance(),
    speedup(),
    trainingTime(),
  ];
}

interface Column {
  readonly stage: Stage;
  readonly metric: PaperMetric;
  readonly system: PaperSystem;
}

const reranked = (metric: PaperMetric, system: PaperSystem): Column => ({
  stage: 'retrieve+rerank',
  metric,
  system,
});

const valuesOf = ({ stage, metric, system }: Column): number[] => paperColumn(stage, metric, system);

/** The columns that go into an arithmetic, as the table prints them. */
function inputs(columns: readonly Column[]): Table {
  return {
    caption: 'The paper’s figures, Table 1',
    columns: [
      'dataset',
      ...columns.map(
        ({ stage, metric, system }) =>
          `${metricLabel(metric)} ${systemTitles[system]}, ${stageTitles[stage].toLowerCase()}`,
      ),
    ],
    rows: datasets.map((dataset, row) => [
      dataset,
      ...columns.map((column) => valuesOf(column)[row]?.toFixed(2) ?? null),
    ]),
  };
}

function parameters(): Claim {
  const count = countParameters({ ...minilmShape, layers: 2 });
  const layer = count - countParameters({ ...minilmShape, layers: 1 });
  const embeddings = countParameters({ ...minilmShape, layers: 0 });
  const millions = Math.floor(count / 1e6);
  return {
    id: 'parameters',
    section: '4.4',
    quote:
      'Weights from the embedding layer and encoding layer 0 of the CE were copied to the DE as described in section 3.2 to create a 15M parameter DE-2 CE',
    says: `DE-2 CE has ${said['parameters_de-2-ce']} parameters`,
    verdict: millions === Number.parseInt(said['parameters_de-2-ce'], 10) ? 'follows' : 'does not follow',
    because: `Not from Table 1 but from the model’s sizes: two layers of MiniLM-L-12 and its embedding layer are ${count.toLocaleString('en')} weights, ${(count / 1e6).toFixed(1)} million.`,
    inputs: null,
    steps: [
      {
        what: 'Embedding layer',
        how: '(30,522 words + 512 positions + 2 types) × 384 + LayerNorm 2 × 384',
        result: embeddings.toLocaleString('en'),
      },
      {
        what: 'One encoder layer',
        how: '4 × (384² + 384) attention + 384 × 1,536 + 1,536 + 1,536 × 384 + 384 feed-forward + 2 LayerNorms of 2 × 384',
        result: layer.toLocaleString('en'),
      },
      {
        what: 'DE-2',
        how: `${embeddings.toLocaleString('en')} + 2 × ${layer.toLocaleString('en')}`,
        result: count.toLocaleString('en'),
      },
    ],
    rounding: null,
  };
}

const meansQuote =
  'The average (Hits@10, MRR@10) for re-ranked DE-12 CE vs DE-2 CE was (0.68, 0.55) vs (0.67, 0.54).';

/** As two decimals print it; slack, since 0.665 has no exact binary form. */
const printsAs = (value: number, printed: number): boolean => Math.abs(value - printed) <= halfStep + 1e-9;

function meanReranked(metric: PaperMetric): Claim {
  const column = reranked(metric, 'de-2-ce');
  const values = valuesOf(column);
  const mean = meanOf(values);
  const printed = said['mean_reranked_de-2-ce'][metric];
  const follows = printsAs(mean, printed);
  const missing = printed - halfStep - mean;
  return {
    id: `mean-${metric.replace('@', '-')}`,
    section: '4.4',
    quote: meansQuote,
    says: `reranked, DE-2 CE has a mean ${metricLabel(metric)} of ${printed.toFixed(2)}`,
    verdict: follows ? 'follows' : 'does not follow',
    because: follows
      ? `The mean of the twelve is ${mean.toFixed(4)}, which prints as ${printed.toFixed(2)}.`
      : `The mean of the twelve is ${mean.toFixed(4)}, which prints as ${mean.toFixed(2)} and not ${printed.toFixed(2)}. ` +
        `For ${printed.toFixed(2)} the twelve would have to be rounded down by ${missing.toFixed(4)} on average, where ${halfStep} is the most that rounding takes.`,
    inputs: inputs([column]),
    steps: [
      { what: 'Sum', how: sumInWords(values, 2), result: (mean * values.length).toFixed(2) },
      {
        what: 'Mean',
        how: `${(mean * values.length).toFixed(2)} / ${values.length}`,
        result: mean.toFixed(4),
      },
    ],
    rounding: roundingOf(shareOfRoundings([values], ([one]) => printsAs(meanOf(one ?? []), printed))),
  };
}

function deeperModel(): Claim {
  return {
    id: 'de-12-ce',
    section: '4.4',
    quote: meansQuote,
    says: 'reranked, DE-12 CE has (0.68, 0.55), so that ten more layers gain little',
    verdict: 'cannot be told from the table',
    because: 'DE-12 CE was left out of Table 1: the paper prints its two means and none of the twelve rows.',
    inputs: null,
    steps: [],
    rounding: null,
  };
}

const testSteps = (name: string, a: readonly number[], b: readonly number[], test: PairedTest): Step[] => {
  const interval = differenceInterval(a, b);
  const toss = randomisationTest(a, b, { samples: 10_000, seed: 1 });
  return [
    {
      what: `${name}: mean difference`,
      how: `mean of the ${test.n} differences ${a.map((value, i) => signed(value - (b[i] ?? 0), 2)).join(', ')}`,
      result: `${signed(test.meanDifference, 4)}${interval ? `, 95 % interval ${signed(interval[0], 4)} to ${signed(interval[1], 4)}` : ''}`,
    },
    {
      what: `${name}: paired two-tailed t-test`,
      how: `t = mean / (s / √${test.n}), ${test.degreesOfFreedom} degrees of freedom`,
      result: `t = ${test.statistic === null ? 'not defined' : signed(test.statistic, 3)}, p = ${pInWords(test.pValue)}`,
    },
    {
      what: `${name}: randomisation test beside it`,
      how: `${toss.exact ? 'all' : 'a sample of'} ${toss.patterns.toLocaleString('en')} signs of the differences that are not 0`,
      result: `p = ${pInWords(toss.pValue)}`,
    },
  ];
};

function betterThanRandom(): Claim {
  const pairs = paperMetrics.map((metric) => {
    const [a, b] = [paperColumn('retrieve', metric, 'de-2-ce'), paperColumn('retrieve', metric, 'de-2-rand')];
    return { metric, a, b, test: pairedTTest(a, b) };
  });
  const corrected = holm(pairs.map(({ test }) => test.pValue));
  const significant = (values: readonly (number | null)[]): boolean =>
    values.every((p) => p !== null && p < 0.05);
  const better = significant(corrected) && pairs.every(({ test }) => test.meanDifference > 0);
  const wins = pairs.map(
    ({ metric, a, b }) =>
      `${metricLabel(metric)} on ${a.filter((value, i) => value > (b[i] ?? 0)).length} of ${a.length}`,
  );
  return {
    id: 'better-than-random',
    section: '4.4',
    quote: 'DE-2 CE is clearly better than DE-2 Rand.',
    says: 'DE-2 CE is better than DE-2 Rand, beyond chance',
    verdict: better ? 'follows' : 'does not follow',
    because:
      `Retrieving, DE-2 CE has the higher ${wins.join(' and the higher ')} (paired t-tests, p = ${corrected.map(pInWords).join(' and ')} after Holm’s correction for two). ` +
      'The paper names no test here. Section 3.3 promises DE-2 Rand reranked too, which Table 1 does not print.',
    inputs: inputs(
      pairs.flatMap(({ metric }) =>
        (['de-2-ce', 'de-2-rand'] as const).map((system) => ({ stage: 'retrieve' as const, metric, system })),
      ),
    ),
    steps: pairs.flatMap(({ metric, a, b, test }) => testSteps(metricLabel(metric), a, b, test)),
    rounding: roundingOf(
      shareOfRoundings(
        pairs.flatMap(({ a, b }) => [a, b]),
        ([hits = [], hitsRandom = [], mrr = [], mrrRandom = []]) =>
          significant(holm([pairedTTest(hits, hitsRandom).pValue, pairedTTest(mrr, mrrRandom).pValue])),
      ),
    ),
  };
}

/** One way to read "within 1 %". */
interface Reading {
  readonly name: string;
  readonly how: string;
  readonly isWithin: (ce: number, baseline: number) => boolean;
}

const slack = 1e-9;
const single = (reading: 'points' | 'relative') => (ce: number, baseline: number) =>
  withinOnePercent([ce], [baseline])[reading] === 1;

const readings: readonly Reading[] = [
  { name: 'points', how: 'at most 0.01 below', isWithin: single('points') },
  { name: 'relative', how: 'at most a hundredth of the baseline below', isWithin: single('relative') },
  {
    name: 'points, either side',
    how: 'at most 0.01 apart',
    isWithin: (ce, baseline) => Math.abs(ce - baseline) <= 0.01 + slack,
  },
  {
    name: 'relative, either side',
    how: 'at most a hundredth of the baseline apart',
    isWithin: (ce, baseline) => Math.abs(ce - baseline) <= 0.01 * baseline + slack,
  },
];

function withinOne(): Claim {
  const columns = paperMetrics.flatMap((metric) => [
    reranked(metric, 'de-2-ce'),
    reranked(metric, 'baseline'),
  ]);
  const values = columns.map(valuesOf);
  const expected = Number.parseInt(said['de-2-ce_within_1_percent_of_baseline_reranked'], 10);
  /** Rows of which each metric, in the order of `paperMetrics`, is within. */
  const rows = (
    { isWithin }: Reading,
    [hits = [], hitsBase = [], mrr = [], mrrBase = []]: readonly (readonly number[])[] = values,
  ) =>
    datasets.map(
      (_, i) => [isWithin(hits[i] ?? 0, hitsBase[i] ?? 0), isWithin(mrr[i] ?? 0, mrrBase[i] ?? 0)] as const,
    );
  const asked = [
    { of: 'Hits@10', holds: ([hits]: readonly [boolean, boolean]) => hits },
    { of: 'MRR@10', holds: ([, mrr]: readonly [boolean, boolean]) => mrr },
    { of: 'both', holds: ([hits, mrr]: readonly [boolean, boolean]) => hits && mrr },
  ];
  const counted = readings.flatMap((reading) =>
    asked.map(({ of, holds }) => {
      const within = datasets.filter((_, i) => holds(rows(reading)[i] ?? [false, false]));
      const share = shareOfRoundings(
        values,
        (drawn) => rows(reading, drawn).filter(holds).length >= expected,
      );
      return { reading, of, within, share };
    }),
  );
  const giving = counted.filter(({ within }) => within.length === expected);
  /** Printed exactly 0.01 apart in one of the two. */
  const onTheLine = datasets.filter((_, i) =>
    [0, 2].some((at) => Math.abs((values[at + 1]?.[i] ?? 0) - (values[at]?.[i] ?? 0) - 0.01) < slack),
  );
  const inPoints = counted.find(({ reading, of }) => reading.name === 'points' && of === 'both');
  const relative = counted.find(({ reading, of }) => reading.name === 'relative' && of === 'both');
  return {
    id: 'within-one-percent',
    section: '4.4',
    quote:
      'The difference between DE-2 CE after re-ranking whose weights were copied to the DE, was at least within 1% of the 12 layered baseline DE with reranking on 6/12 datasets.',
    says: `within 1 % of the baseline on ${expected} of ${datasets.length}`,
    verdict: giving.length > 0 ? 'follows' : 'does not follow',
    because:
      `As printed, read in points (a difference of 0.01, where figures run from 0 to 1) it is ${inPoints?.within.length} of ${datasets.length}, by Hits@10, by MRR@10 and by both alike: ${inPoints?.within.join(', ')}. ` +
      `Read as 1 % of the baseline’s figure it is ${relative?.within.length}. The figures of ${onTheLine.join(' and ')} are printed exactly 0.01 below, and two decimals hide on which side of the line they are.`,
    inputs: inputs(columns),
    steps: counted.map(({ reading, of, within, share }) => ({
      what: `${reading.name}, ${of}`,
      how: `${reading.how}: ${within.length > 0 ? within.join(', ') : 'none'}`,
      result: `${within.length} of ${datasets.length}; at least ${expected} in ${(100 * share).toFixed(0)} % of unrounded tables`,
      agrees: within.length === expected,
    })),
    rounding: roundingOf(inPoints?.share ?? 0),
  };
}

/** The ways in which DE-2 CE can be held against the baseline in Table 1. */
const comparisons = [
  { name: 'both reranked', ce: 'retrieve+rerank', baseline: 'retrieve+rerank' },
  { name: 'both retrieving only', ce: 'retrieve', baseline: 'retrieve' },
  { name: 'DE-2 CE reranked, the baseline not', ce: 'retrieve+rerank', baseline: 'retrieve' },
] as const;

function compared() {
  return comparisons.flatMap(({ name, ce, baseline }) =>
    paperMetrics.map((metric) => ({
      name: `${metricLabel(metric)}, ${name}`,
      paperReading: name === 'both reranked',
      a: paperColumn(ce, metric, 'de-2-ce'),
      b: paperColumn(baseline, metric, 'baseline'),
    })),
  );
}

const lastQuote =
  'On average DE-2 CE is only 0.99% worse than the baseline DE across 12 datasets which was not statistically significant (paired two tailed t-test p > .19), but the speedup for inference is on average 5.15x.';

const rerankedInputs = (): Table =>
  inputs(paperMetrics.flatMap((metric) => [reranked(metric, 'de-2-ce'), reranked(metric, 'baseline')]));

/** Three ways to say by how many per cent a is below b. */
const percentages: readonly {
  readonly name: string;
  readonly how: string;
  readonly percent: (a: readonly number[], b: readonly number[]) => number;
}[] = [
  {
    name: 'in points',
    how: '100 × (mean of the baseline − mean of DE-2 CE)',
    percent: (a, b) => 100 * (meanOf(b) - meanOf(a)),
  },
  {
    name: 'ratio of means',
    how: '100 × (1 − mean of DE-2 CE / mean of the baseline)',
    percent: (a, b) => 100 * (1 - meanOf(a) / meanOf(b)),
  },
  {
    name: 'mean of ratios',
    how: '100 × (1 − mean over datasets of DE-2 CE / baseline)',
    percent: (a, b) => 100 * (1 - meanOf(a.map((value, i) => value / (b[i] ?? Number.NaN)))),
  },
];

function meanDifference(): Claim {
  const expected = said['de-2-ce_worse_than_baseline_percent_mean'];
  const agrees = (percent: number): boolean => Math.abs(percent - expected) <= 0.005 + slack;
  const found = compared().flatMap(({ name, paperReading, a, b }) =>
    percentages.map((one) => ({
      name: `${name}, ${one.name}`,
      how: one.how,
      paperReading,
      a,
      b,
      percent: one.percent,
    })),
  );
  const own = found.filter(({ paperReading }) => paperReading);
  const worse = own.map(({ a, b, percent }) => percent(a, b));
  const follows = found.some(({ a, b, percent }) => agrees(percent(a, b)));
  const [hits, mrr] = own.filter((one) => one.name.endsWith('in points'));
  return {
    id: 'mean-difference',
    section: '4.4',
    quote: lastQuote,
    says: `on average ${expected} % worse than the baseline`,
    verdict: follows ? 'follows' : 'does not follow',
    because:
      `Both reranked, DE-2 CE is ${hits?.percent(hits.a, hits.b).toFixed(2)} points below in Hits@10 and ${mrr?.percent(mrr.a, mrr.b).toFixed(2)} in MRR@10; in other readings ${Math.min(...worse).toFixed(2)} to ${Math.max(...worse).toFixed(2)} %. ` +
      (follows ? `One reading gives ${expected}.` : `No reading tried gives ${expected}.`),
    inputs: rerankedInputs(),
    steps: found.map(({ name, how, a, b, percent }) => ({
      what: name,
      how,
      result: `${signed(-percent(a, b), 2)} %`,
      agrees: agrees(percent(a, b)),
    })),
    rounding: roundingOf(
      shareOfRoundings(
        own.flatMap(({ a, b }) => [a, b]),
        (drawn) => own.some(({ percent }, i) => agrees(percent(drawn[2 * i] ?? [], drawn[2 * i + 1] ?? []))),
      ),
    ),
  };
}

function noSignificance(): Claim {
  const expected = said.p_above;
  const tests = compared().map((one) => ({ ...one, test: pairedTTest(one.a, one.b) }));
  const own = tests.filter(({ paperReading }) => paperReading);
  const above = (p: number | null): boolean => p !== null && p > expected;
  return {
    id: 'p-above',
    section: '4.4',
    quote: lastQuote,
    says: `the difference is not significant, p > ${expected}`,
    verdict: own.some(({ test }) => above(test.pValue)) ? 'follows' : 'does not follow',
    because:
      `Both reranked, the paired two-tailed t-test over the twelve gives p = ${pInWords(own[0]?.test.pValue ?? null)} for Hits@10 and p = ${pInWords(own[1]?.test.pValue ?? null)} for MRR@10: about a tenth of ${expected} or less, so that the baseline is better, significantly at 0.05. ` +
      `p is above ${expected} only where DE-2 CE is reranked and the baseline is not, which is not what the sentence compares.`,
    inputs: rerankedInputs(),
    steps: tests.flatMap(({ name, a, b, test }) => {
      const [difference, t, toss] = testSteps(name, a, b, test);
      return [difference, t && { ...t, agrees: above(test.pValue) }, toss].filter(
        (step) => step !== undefined,
      );
    }),
    rounding: roundingOf(
      shareOfRoundings(
        own.flatMap(({ a, b }) => [a, b]),
        (drawn) => own.some((_, i) => above(pairedTTest(drawn[2 * i] ?? [], drawn[2 * i + 1] ?? []).pValue)),
      ),
    ),
  };
}

function speedup(): Claim {
  const values = reported.table1.map((row) => row.speedup);
  const mean = meanOf(values);
  const expected = said.speedup_mean;
  const follows = printsAs(mean, expected);
  return {
    id: 'speedup',
    section: '4.4',
    quote: lastQuote,
    says: `inference is ${expected} times as fast on average`,
    verdict: follows ? 'follows' : 'does not follow',
    because: `The mean of the twelve speedups is ${mean.toFixed(2)}. They are printed to one decimal, so the unrounded mean may be up to 0.05 from it. Nothing is said of what was timed, or of batches and hardware.`,
    inputs: {
      caption: 'The paper’s figures, Table 1',
      columns: ['dataset', 'speedup'],
      rows: datasets.map((dataset, row) => [dataset, `${values[row]?.toFixed(1)}×`]),
    },
    steps: [
      { what: 'Sum', how: sumInWords(values, 1), result: (mean * values.length).toFixed(1) },
      {
        what: 'Mean',
        how: `${(mean * values.length).toFixed(1)} / ${values.length}`,
        result: mean.toFixed(3),
      },
    ],
    rounding: null,
  };
}

function trainingTime(): Claim {
  return {
    id: 'training-time',
    section: '4.4',
    quote:
      'We trained the ms-marco models using the same training code from the sentence-transformers library.',
    says: `training DE-2 CE takes ${said.training_time} (section 3.2)`,
    verdict: 'cannot be told from the table',
    because: 'Table 1 holds no training times.',
    inputs: null,
    steps: [],
    rounding: null,
  };
}
