import type { Cell, Table } from '../formats/table.ts';
import type { Spec } from '../spec/spec.ts';
import { systemLabel } from '../spec/systemLabel.ts';
import { systemNamed } from '../spec/systemName.ts';
import { datasetsIn, meanOf, systemsIn, valueAt } from './comparisonTable.ts';
import type { Report, Stage } from './report.ts';

/** What the summary of a comparison is made of. */
export type SummarisedFigures = Pick<Report, 'comparison' | 'speed' | 'training' | 'pooledTests' | 'spec'>;

/** A system in one line: what it finds, how fast it is, and what it cost to make. */
export interface SystemSummary {
  readonly system: string;
  readonly label: string;
  /** Means over the collections, each counted alike. */
  readonly hits: number | null;
  readonly mrr: number | null;
  readonly rerankedMrr: number | null;
  /** MRR@10 above the reference's over all queries, and its 95 % interval. */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  /** By Holm over all tests of the table. */
  readonly corrected: number | null;
  readonly textsPerSecond: number | null;
  readonly speedup: number | null;
  readonly queryMilliseconds: number | null;
  /** To train it; 0 where nothing is trained. */
  readonly trainingSeconds: number;
  /** In millions. */
  readonly parameters: number | null;
}

/** One line a system, in the order of the comparison; the first is the reference. */
export function systemSummaries(report: SummarisedFigures): SystemSummary[] {
  const { comparison, speed, pooledTests, spec } = report;
  const datasets = datasetsIn(comparison);
  return systemsIn(comparison).map((system) => {
    const mean = (stage: Stage, metric: string): number | null =>
      meanOf(datasets.map((dataset) => valueAt(comparison, dataset, { stage, metric, system })));
    const timed = datasets.map((dataset) =>
      speed.find((row) => row.dataset === dataset && row.system === system),
    );
    const speedMean = (of: (row: (typeof speed)[number]) => number): number | null =>
      meanOf(timed.map((row) => (row ? of(row) : null)));
    const test = pooledTests.find(
      ({ of }) => of?.system === system && of.stage === 'retrieve' && of.metric === 'mrr@10',
    );
    const parameters = timed[0]?.parameters;
    return {
      system,
      label: systemLabel(system),
      hits: mean('retrieve', 'hits@10'),
      mrr: mean('retrieve', 'mrr@10'),
      rerankedMrr: mean('retrieve+rerank', 'mrr@10'),
      difference: test?.meanDifference ?? null,
      interval: test?.of?.interval ?? null,
      corrected: test?.of?.corrected ?? null,
      textsPerSecond: speedMean((row) => row.textsPerSecond),
      speedup: speedMean((row) => row.speedup),
      queryMilliseconds: speedMean((row) => row.queryMilliseconds[0]),
      trainingSeconds: [...trainedFor(spec, system)]
        .map((name) => report.training.find((one) => one.name === name)?.seconds ?? 0)
        .reduce((sum, seconds) => sum + seconds, 0),
      parameters: parameters === undefined ? null : parameters / 1e6,
    };
  });
}

/** Names of the models that a spec trains for a system, each once. */
export function trainedFor(spec: Pick<Spec, 'compare' | 'train'>, name: string): Set<string> {
  const system = systemNamed(spec, name);
  const parts =
    system.type === 'fused'
      ? system.parts
      : system.type === 'asymmetric'
        ? [system.queries, system.documents]
        : [];
  const own = spec.train.filter(
    (train) => system.type === 'model' && system.source === `folder:${train.name}`,
  );
  return new Set([
    ...own.map((train) => train.name),
    ...parts.flatMap((part) => [...trainedFor(spec, part)]),
  ]);
}

const level = 0.05;

/** The summaries as a table; the best of a measure is marked, and a difference that is significant. */
export function summaryTable(report: SummarisedFigures, caption: string): Table {
  const summaries = systemSummaries(report);
  const best = (of: (one: SystemSummary) => number | null): number =>
    Math.max(...summaries.map((one) => of(one) ?? Number.NEGATIVE_INFINITY));
  const [hits, mrr, reranked] = [
    best((one) => one.hits),
    best((one) => one.mrr),
    best((one) => one.rerankedMrr),
  ];
  const marked = (value: number | null, highest: number, significant = false): Cell =>
    value === null ? null : { value, best: value === highest, significant };
  return {
    caption,
    columns: [
      'system',
      'Hits@10',
      'MRR@10',
      'MRR@10 + rerank',
      'MRR@10 above the reference',
      '95 %',
      'p, Holm',
      'texts/s',
      'speedup',
      'query, ms',
      'trained, s',
      'parameters (million)',
    ],
    rows: summaries.map((one) => [
      one.label,
      marked(one.hits, hits),
      marked(one.mrr, mrr, one.corrected !== null && one.corrected < level),
      marked(one.rerankedMrr, reranked),
      one.difference,
      one.interval ? one.interval.map((bound) => bound.toFixed(3)).join(' to ') : null,
      one.corrected,
      one.textsPerSecond === null ? null : Math.round(one.textsPerSecond),
      one.speedup === null ? null : Number(one.speedup.toFixed(2)),
      one.queryMilliseconds === null ? null : Number(one.queryMilliseconds.toFixed(2)),
      Math.round(one.trainingSeconds),
      one.parameters === null ? null : Number(one.parameters.toFixed(2)),
    ]),
  };
}
