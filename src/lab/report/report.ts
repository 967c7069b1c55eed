import type { DataReport } from '../data/dataReport.ts';
import type { BackendCheck } from '../models/types.ts';
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

export type Stage = 'retrieve' | 'retrieve+rerank';

export interface TestRow {
  /** What is compared, as "hits@10 of the embedding layer, CE against DE, across collections". */
  readonly name: string;
  readonly kind: 'paired-t' | 'randomisation';
  readonly n: number;
  readonly meanDifference: number;
  /** null when it is not defined (fewer than two pairs, or no variance), and for a randomisation test. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number | null;
  readonly pValue: number | null;
  /** The result in words, the caveat included. */
  readonly sentence: string;
  /** Of a comparison of systems: what of it was tested. */
  readonly of?: {
    readonly system: string;
    readonly against: string;
    readonly stage: Stage;
    readonly metric: string;
    /** Whose queries were paired; null where collections were. */
    readonly dataset: string | null;
    /** Holm's correction over the systems compared with the same one. */
    readonly corrected: number | null;
    /** 95 % confidence interval of the mean difference. */
    readonly interval: readonly [number, number] | null;
  };
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
  /** WebGPU held against WebAssembly before the model's first use, where there is a GPU. */
  readonly check?: BackendCheck;
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
  /** Where the judgements lie, if apart from the texts. */
  readonly judgements?: string;
  readonly totalQueries: number;
  readonly totalDocuments: number;
  /** Of the sample that was searched; see `collectionHash`. Reports of before it was taken have none. */
  readonly sha256?: string;
  /** What was done to it; reports of before it was counted have none. */
  readonly data?: DataReport;
}

/** A weights file that a comparison ran. */
export interface SystemFile {
  readonly source: string;
  readonly file: string;
  readonly sha256: string;
  readonly backend: string;
  /** In words, how it reads texts by its own configuration, or what it ranks by. */
  readonly reading?: string;
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
  /** Of a comparison: its retrievers' files and the reranker's, each once. */
  readonly files?: readonly SystemFile[];
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
  readonly stage: Stage;
  readonly queries: number;
  readonly documents: number;
  readonly metrics: Metrics;
}

/** A system's figures when the first `depth` documents are ranked again by the CE, those behind as retrieved. */
export interface DepthRow {
  readonly dataset: string;
  readonly system: string;
  readonly depth: number;
  /** Query and document pairs that the CE reads. */
  readonly pairs: number;
  /** Pairs at the pace measured over all of them. */
  readonly seconds: number;
  readonly metrics: Metrics;
}

/** How fast a system encodes a collection's own texts, beside the others on the same batches. */
export interface SpeedRow {
  readonly dataset: string;
  readonly system: string;
  /** Median over rounds, tokenising included. */
  readonly textsPerSecond: number;
  /** Median over rounds of the baseline's time by this system's, tokenising included. */
  readonly speedup: number;
  /** The same two without tokenising. */
  readonly encoderTextsPerSecond: number;
  readonly encoderSpeedup: number;
  /** To tokenise and encode one query, in milliseconds: median and 95th percentile. */
  readonly queryMilliseconds: readonly [number, number];
  readonly texts: number;
  readonly rounds: number;
  /** Weights of the graph that is run. */
  readonly parameters: number;
  /** Of the file that holds them. */
  readonly bytes: number;
  /** Of the collection's vectors, float32. */
  readonly indexBytes: number;
  readonly backend: string;
}

export interface Report {
  /** Of a report's fields; see `reportVersion`. */
  readonly version: number;
  readonly environment: Environment;
  readonly spec: Spec;
  readonly layerwise: readonly LayerwiseRow[];
  readonly training: readonly TrainingRow[];
  readonly comparison: readonly ComparisonRow[];
  readonly rerankDepths: readonly DepthRow[];
  readonly speed: readonly SpeedRow[];
  readonly tests: readonly TestRow[];
  /** What of a comparison failed and is left out, a sentence each. */
  readonly failures: readonly string[];
}
