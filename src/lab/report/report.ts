import type { Spec } from '../spec/spec.ts';

/** Metric name, as `hits@10`, to its mean over queries. */
export type Metrics = Readonly<Record<string, number>>;
/** Metric name to the bounds of its 95 % bootstrap interval over queries. */
export type Intervals = Readonly<Record<string, readonly [number, number]>>;

export interface LayerwiseRow {
  readonly dataset: string;
  readonly model: 'ce' | 'de';
  readonly layer: number;
  readonly queries: number;
  readonly documents: number;
  readonly metrics: Metrics;
  readonly intervals: Intervals;
}

export interface TestRow {
  /** What is compared, as "hits@10 of the embedding layer, CE against DE, across collections". */
  readonly name: string;
  readonly kind: 'paired-t';
  readonly n: number;
  readonly meanDifference: number;
  /** null when it is not defined (fewer than two pairs, or no variance). */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number;
  readonly pValue: number | null;
  /** The result in words, the caveat included. */
  readonly sentence: string;
}

export interface ModelReport {
  readonly source: string;
  readonly sha256: string;
  readonly file: string;
  readonly architecture: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly backend: string;
  readonly why: string;
  readonly threads: number;
  /** What was run through the model; texts found in the cache are not counted. */
  readonly work: {
    readonly texts: number;
    readonly tokens: number;
    readonly paddedTokens: number;
    readonly characters: number;
    readonly seconds: number;
  };
}

export interface DatasetReport {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly licence?: string;
  readonly queries: number;
  readonly documents: number;
  readonly totalQueries: number;
  readonly totalDocuments: number;
}

export interface Environment {
  readonly version: string;
  readonly startedAt: string;
  /** Until collections are read and models are open. */
  readonly startSeconds: number;
  /** Of the whole run. */
  readonly seconds: number;
  readonly userAgent: string;
  readonly adapter: string | null;
  readonly hardwareConcurrency: number;
  readonly crossOriginIsolated: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly models: Readonly<Partial<Record<'ce' | 'de', ModelReport>>>;
  readonly datasets: readonly DatasetReport[];
  /** Device that searched: the WebGPU kernel or plain TypeScript. */
  readonly search: string;
}

export interface TrainingStep {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradNorm: number;
}

/** A collection searched by a model in training, mean-pooled, after `step` updates. */
export interface Evaluation {
  readonly step: number;
  readonly dataset: string;
  readonly queries: number;
  readonly documents: number;
  readonly metrics: Metrics;
}

export interface TrainingRow {
  readonly name: string;
  readonly init: 'ce' | 'de' | 'random';
  readonly layers: number;
  readonly copyLayers: number;
  /** Trained values, all layers and tables. */
  readonly parameters: number;
  /** Queries with a positive that there are to train on. */
  readonly examples: number;
  readonly totalSteps: number;
  /** Training and searching, without mining negatives. */
  readonly seconds: number;
  readonly adapter: string;
  readonly steps: readonly TrainingStep[];
  readonly evaluations: readonly Evaluation[];
}

/** One system on one collection, before or after reranking. */
export interface ComparisonRow {
  readonly dataset: string;
  readonly system: string;
  readonly stage: 'retrieve' | 'retrieve+rerank';
  readonly queries: number;
  readonly documents: number;
  readonly metrics: Metrics;
}

export interface Report {
  readonly environment: Environment;
  readonly spec: Spec;
  readonly layerwise: readonly LayerwiseRow[];
  readonly training: readonly TrainingRow[];
  readonly comparison: readonly ComparisonRow[];
  readonly speed: readonly {
    readonly dataset: string;
    readonly system: string;
    readonly textsPerSecond: number;
    readonly speedup: number;
  }[];
  readonly tests: readonly TestRow[];
}
