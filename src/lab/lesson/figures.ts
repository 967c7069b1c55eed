import { UserError } from '../../base/userError.ts';
import { paperColumn, reported } from '../paper/reported.ts';
import { datasetsIn, meanOf, valueAt } from '../report/comparisonTable.ts';
import { averagePanel, type CurvePoint, panelsOf } from '../report/curves.ts';
import type { Environment, LayerwiseRow, ModelReport, Report, Stage } from '../report/report.ts';
import { differenceInterval } from '../stats/interval.ts';
import { type PairedTest, pairedTTest } from '../stats/ttest.ts';

const metric = 'hits@10';
/** Means this close count as alike. */
export const alikeWithin = 0.01;

/** Two systems on the same collections. */
export interface Pairing {
  /** Means over the collections. */
  readonly first: number;
  readonly second: number;
  /** Collections on which the first is above the second. */
  readonly ahead: number;
  readonly test: PairedTest;
  /** 95 % interval of the mean difference, first minus second. */
  readonly interval: readonly [number, number] | null;
}

export interface CurvesFigures {
  readonly ce: readonly CurvePoint[];
  readonly de: readonly CurvePoint[];
  readonly ceBest: CurvePoint;
  readonly deBest: CurvePoint;
  /** Layers at which the CE's mean is above the DE's. */
  readonly ceAhead: readonly number[];
}

/** What the lesson's answers are computed from. */
export interface LessonFigures {
  /** Collections of the stored comparison, and of the stored layers. */
  readonly compared: number;
  readonly layered: number;
  /** The whole DE against BM25, retrieving. */
  readonly dual: Pairing;
  readonly cost: {
    readonly pairsPerSecond: number;
    /** To embed one query with the whole DE: mean over the collections of the medians. */
    readonly queryMilliseconds: number;
    /** Documents of the largest collection, and documents that are reranked. */
    readonly documents: number;
    readonly depth: number;
    readonly cores: number;
    readonly layers: number;
  };
  readonly selfPair: {
    readonly texts: number;
    readonly ceTokens: number;
    readonly deTokens: number;
    readonly ceSeconds: number;
    readonly deSeconds: number;
  };
  readonly curve: CurvesFigures;
  /** DE-2 CE against DE-2 Rand, retrieving; what the whole DE reaches; how much faster DE-2 CE encodes. */
  readonly infusion: Pairing & { readonly baseline: number; readonly speedup: number };
  /** The whole DE reranked against the same not reranked. */
  readonly rerank: Pairing;
  /** The CE's embedding layer against the DE's. */
  readonly significance: Pairing;
  readonly paper: PaperFigures;
}

/** The paper's own, computed from its Table 1. */
export interface PaperFigures {
  readonly datasets: number;
  /** Mean MRR@10 of DE-2 CE, reranked: as section 4.4 prints it, and of the twelve rows. */
  readonly printed: number;
  readonly mean: number;
  /** DE-2 CE against the baseline, both reranked. */
  readonly hits: Pairing;
  readonly mrr: Pairing;
  /** DE-2 CE against DE-2 Rand, retrieving, by Hits@10. */
  readonly infusion: Pairing;
  /** The baseline reranked against not reranked, by Hits@10. */
  readonly rerank: Pairing;
  readonly speedup: number;
  /** Section 4.4 says that p is above this. */
  readonly pAbove: number;
  /** Section 4.3 on the embedding layers: datasets, and the bound of p. */
  readonly layerwise: { readonly datasets: number; readonly pBelow: number };
}

/** What of a report on layers is read. */
export interface LayersSource {
  readonly layerwise: Report['layerwise'];
  readonly environment: Pick<Environment, 'hardwareConcurrency'> & {
    readonly models: Partial<Record<'ce' | 'de', Pick<ModelReport, 'layers' | 'work'>>>;
  };
}

/** What of a report on a comparison is read. */
export interface ComparisonSource extends Pick<Report, 'comparison' | 'speed' | 'rerankDepths'> {
  readonly spec: { readonly compare: Pick<Report['spec']['compare'], 'rerankDepth'> };
}

/**
 * @param layers the stored report of the layers @param comparison that of a comparison
 * @throws UserError when a report lacks what a step needs
 */
export function lessonFigures(layers: LayersSource, comparison: ComparisonSource): LessonFigures {
  const of = (system: string, stage: Stage = 'retrieve') => columnOf(comparison, system, stage);
  const embedding = embeddingLayers(layers.layerwise, metric);
  const speeds = comparison.speed.filter(({ system }) => system === 'de-2-ce');
  return {
    compared: datasetsIn(comparison.comparison).length,
    layered: embedding.length,
    dual: pairing(of('baseline'), of('bm25')),
    cost: costOf(layers, comparison),
    selfPair: selfPairOf(layers),
    curve: curveOf(layers.layerwise),
    infusion: {
      ...pairing(of('de-2-ce'), of('de-2-rand')),
      baseline: mean(of('baseline')),
      speedup: mean(speeds.map(({ speedup }) => speedup)),
    },
    rerank: pairing(of('baseline', 'retrieve+rerank'), of('baseline')),
    significance: pairing(
      embedding.map(({ ce }) => ce),
      embedding.map(({ de }) => de),
    ),
    paper: paperFigures(),
  };
}

export function paperFigures(): PaperFigures {
  const { infusion, layerwise } = reported.claims;
  const reranked = 'retrieve+rerank';
  const against = (name: 'hits@10' | 'mrr@10'): Pairing =>
    pairing(paperColumn(reranked, name, 'de-2-ce'), paperColumn(reranked, name, 'baseline'));
  return {
    datasets: reported.table1.length,
    printed: infusion['mean_reranked_de-2-ce']['mrr@10'],
    mean: mean(paperColumn(reranked, 'mrr@10', 'de-2-ce')),
    hits: against('hits@10'),
    mrr: against('mrr@10'),
    infusion: pairing(
      paperColumn('retrieve', 'hits@10', 'de-2-ce'),
      paperColumn('retrieve', 'hits@10', 'de-2-rand'),
    ),
    rerank: pairing(
      paperColumn(reranked, 'hits@10', 'baseline'),
      paperColumn('retrieve', 'hits@10', 'baseline'),
    ),
    speedup: mean(reported.table1.map(({ speedup }) => speedup)),
    pAbove: infusion.p_above,
    layerwise: {
      datasets: layerwise['msmarco-minilm'].datasets,
      pBelow: layerwise['msmarco-minilm'].p_below,
    },
  };
}

/** A metric of both embedding layers, one row a collection. */
export function embeddingLayers(
  rows: readonly LayerwiseRow[],
  name: string,
): { readonly dataset: string; readonly ce: number; readonly de: number }[] {
  return panelsOf(rows, name).flatMap(({ dataset, curves }) => {
    const at = (kind: 'ce' | 'de') =>
      curves.find(({ model }) => model === kind)?.points.find(({ layer }) => layer === 0)?.value;
    const [ce, de] = [at('ce'), at('de')];
    return dataset === null || ce === undefined || de === undefined ? [] : [{ dataset, ce, de }];
  });
}

export function pairing(first: readonly number[], second: readonly number[]): Pairing {
  return {
    first: mean(first),
    second: mean(second),
    ahead: first.filter((value, index) => value > second[index]!).length,
    test: pairedTTest(first, second),
    interval: differenceInterval(first, second),
  };
}

function columnOf({ comparison }: ComparisonSource, system: string, stage: Stage): number[] {
  return datasetsIn(comparison).map((dataset) => {
    const value = valueAt(comparison, dataset, { system, stage, metric });
    if (value === null) throw lacking(`${system}, ${stage}, on ${dataset}`);
    return value;
  });
}

function costOf(
  layers: LayersSource,
  { rerankDepths, speed, spec }: ComparisonSource,
): LessonFigures['cost'] {
  const depth = Math.max(0, ...rerankDepths.map((row) => row.depth));
  const deepest = rerankDepths.filter((row) => row.depth === depth && row.seconds > 0);
  const sum = (of: (row: (typeof deepest)[number]) => number): number =>
    deepest.reduce((total, row) => total + of(row), 0);
  const queries = meanOf(
    speed.filter(({ system }) => system === 'baseline').map(({ queryMilliseconds }) => queryMilliseconds[0]),
  );
  if (deepest.length === 0 || queries === null) throw lacking('how fast pairs and queries are read');
  return {
    pairsPerSecond: sum(({ pairs }) => pairs) / sum(({ seconds }) => seconds),
    queryMilliseconds: queries,
    documents: Math.max(...layers.layerwise.map(({ documents }) => documents)),
    depth: spec.compare.rerankDepth,
    cores: layers.environment.hardwareConcurrency,
    layers: layers.environment.models.ce?.layers ?? 0,
  };
}

function selfPairOf({ environment: { models } }: LayersSource): LessonFigures['selfPair'] {
  const [ce, de] = [models.ce?.work, models.de?.work];
  if (!ce || !de || ce.texts !== de.texts || ce.texts === 0)
    throw lacking('tokens that both models read of the same texts');
  return {
    texts: ce.texts,
    ceTokens: ce.tokens,
    deTokens: de.tokens,
    ceSeconds: ce.seconds,
    deSeconds: de.seconds,
  };
}

function curveOf(rows: readonly LayerwiseRow[]): CurvesFigures {
  const { curves } = averagePanel(panelsOf(rows, metric));
  const [ce = [], de = []] = (['ce', 'de'] as const).map(
    (kind) => curves.find(({ model }) => model === kind)?.points ?? [],
  );
  const [ceBest, deBest] = [best(ce), best(de)];
  if (!ceBest || !deBest) throw lacking(`${metric} by layer of both models`);
  const ceAhead = ce.flatMap(({ layer, value }) => {
    const other = de.find((point) => point.layer === layer)?.value;
    return other !== undefined && value > other ? [layer] : [];
  });
  return { ce, de, ceBest, deBest, ceAhead };
}

/** The highest; of equals the earliest layer. */
function best(points: readonly CurvePoint[]): CurvePoint | undefined {
  const top = Math.max(...points.map(({ value }) => value));
  return points.find(({ value }) => value === top);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function lacking(what: string): UserError {
  return new UserError(`The stored reports lack ${what}; make them anew with \`npm run store-report\`.`);
}
