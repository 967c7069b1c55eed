import { z } from 'zod';
import { dataReportSchema } from '../data/dataReport.ts';
import { specSchema } from '../spec/spec.ts';
import type { Upgrades } from '../spec/upgrade.ts';

/** What older reports lack or name otherwise; see `Upgrades`. */
export const reportUpgrades: Upgrades = [
  // Reports from before versions; those from before rerank depths were compared have none.
  (report) => ({ rerankDepths: [], ...report }),
];

export const reportVersion = reportUpgrades.length;

function object<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).readonly();
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

const modelKind = z.enum(['ce', 'de']);

const stageSchema = z.enum(['retrieve', 'retrieve+rerank']);
export type Stage = z.infer<typeof stageSchema>;

/** Metric name, as `hits@10`, to its mean over queries. */
const metrics = z.record(z.string(), z.number()).readonly();

/** Metric name to the bounds of its 95 % bootstrap interval over queries. */
const intervals = z.record(z.string(), z.tuple([z.number(), z.number()]).readonly()).readonly();
export type Metrics = z.infer<typeof metrics>;
export type Intervals = z.infer<typeof intervals>;

const layerwiseRow = object({
  dataset: z.string(),
  model: modelKind,
  layer: z.int().min(0),
  queries: z.number(),
  documents: z.number(),
  metrics,
  intervals,
});
export type LayerwiseRow = z.infer<typeof layerwiseRow>;

const testRow = object({
  /** What is compared, as "hits@10 of the embedding layer, CE against DE, across collections". */
  name: z.string(),
  kind: z.enum(['paired-t', 'randomisation']),
  n: z.number(),
  meanDifference: z.number(),
  /** null when it is not defined (fewer than two pairs, or no variance), and for a randomisation test. */
  statistic: z.number().nullable(),
  degreesOfFreedom: z.number().nullable(),
  pValue: z.number().nullable(),
  /** The result in words, the caveat included. */
  sentence: z.string(),
  /** For a comparison of systems: what was tested. */
  of: object({
    system: z.string(),
    against: z.string(),
    stage: stageSchema,
    metric: z.string(),
    /** Whose queries were paired; null where collections were. */
    dataset: z.string().nullable(),
    /** Holm's correction over the systems compared with the same one. */
    corrected: z.number().nullable(),
    /** 95 % confidence interval of the mean difference. */
    interval: z.tuple([z.number(), z.number()]).readonly().nullable(),
  }).optional(),
});
export type TestRow = z.infer<typeof testRow>;

/** WebGPU or CUDA held against the processor; see `BackendCheck`. */
const backendCheck = object({
  backend: z.enum(['webgpu', 'cuda', 'wasm', 'cpu']),
  agrees: z.boolean(),
  difference: z.number().nullable(),
  seconds: object({ webgpu: z.number().nullable(), wasm: z.number().nullable() }),
  sentence: z.string(),
});

const modelReport = object({
  source: z.string(),
  sha256: z.string(),
  file: z.string(),
  architecture: z.string(),
  layers: z.int().min(0),
  hiddenSize: z.int().min(1),
  backend: z.string(),
  why: z.string(),
  /** Made before the model's first use, where there is a GPU. */
  check: backendCheck.optional(),
  threads: z.int(),
  /** What was run through the model; texts found in the cache are not counted. */
  work: object({
    texts: z.number(),
    tokens: z.number(),
    paddedTokens: z.number(),
    characters: z.number(),
    seconds: z.number(),
  }),
});
export type ModelReport = z.infer<typeof modelReport>;

const datasetReport = object({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  licence: z.string().optional(),
  /** Where the judgements lie, if apart from the texts. */
  judgements: z.string().optional(),
  queries: z.number(),
  documents: z.number(),
  totalQueries: z.number(),
  totalDocuments: z.number(),
  /** Hash of the sample that was searched; see `collectionHash`. Reports from before it was taken have none. */
  sha256: z.string().optional(),
  /** What was done to it; reports from before it was counted have none. */
  data: dataReportSchema.optional(),
});
export type DatasetReport = z.infer<typeof datasetReport>;

/** A weights file that a comparison ran. */
const systemFile = object({
  source: z.string(),
  file: z.string(),
  sha256: z.string(),
  backend: z.string(),
  /** In words, how it reads texts by its own configuration, or what it ranks by. */
  reading: z.string().optional(),
});
export type SystemFile = z.infer<typeof systemFile>;

export const environmentSchema = object({
  version: z.string(),
  startedAt: z.string(),
  /** Until collections are read and models are open. */
  startSeconds: z.number(),
  /** Length of the whole run. */
  seconds: z.number(),
  /** What ran it; reports from before there were two have none. */
  runtime: z.enum(['browser', 'node']).optional(),
  userAgent: z.string(),
  adapter: z.string().nullable(),
  hardwareConcurrency: z.number(),
  crossOriginIsolated: z.boolean(),
  versions: z.record(z.string(), z.string()).readonly(),
  models: object({ ce: modelReport.optional(), de: modelReport.optional() }),
  datasets: list(datasetReport),
  /** For a comparison: its retrievers' files and the reranker's, each once. */
  files: list(systemFile).optional(),
  /** Device that searched: the WebGPU kernel or plain TypeScript. */
  search: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

const trainingStep = object({
  step: z.number(),
  loss: z.number(),
  learningRate: z.number(),
  gradNorm: z.number(),
});
export type TrainingStep = z.infer<typeof trainingStep>;

/** A collection searched by a model in training, mean-pooled, after `step` updates. */
const evaluation = object({
  step: z.number(),
  dataset: z.string(),
  queries: z.number(),
  documents: z.number(),
  metrics,
});
export type Evaluation = z.infer<typeof evaluation>;

const trainingRow = object({
  name: z.string(),
  init: z.enum(['ce', 'de', 'random']),
  layers: z.int(),
  copyLayers: z.int(),
  /** Encoder layers that were copied, where they were chosen. */
  copy: list(z.int()).optional(),
  /** Trained values, all layers and tables. */
  parameters: z.number(),
  /** Queries with a positive that there are to train on. */
  examples: z.number(),
  totalSteps: z.number(),
  /** Training alone; older reports count the searches while it learnt. */
  seconds: z.number(),
  adapter: z.string(),
  steps: list(trainingStep),
  evaluations: list(evaluation),
});
export type TrainingRow = z.infer<typeof trainingRow>;

/** One system on one collection, before or after reranking. */
const comparisonRow = object({
  dataset: z.string(),
  system: z.string(),
  stage: stageSchema,
  queries: z.number(),
  documents: z.number(),
  metrics,
});
export type ComparisonRow = z.infer<typeof comparisonRow>;

/** A system's figures when the first `depth` documents are ranked again by the CE, those behind as retrieved. */
const depthRow = object({
  dataset: z.string(),
  system: z.string(),
  depth: z.int().min(0),
  /** Query and document pairs that the CE reads. */
  pairs: z.number(),
  /** Pairs at the pace measured over all of them. */
  seconds: z.number(),
  metrics,
});
export type DepthRow = z.infer<typeof depthRow>;

/** How fast a system encodes a collection's own texts, beside the others on the same batches. */
const speedRow = object({
  dataset: z.string(),
  system: z.string(),
  /** Median over rounds, tokenising included. */
  textsPerSecond: z.number(),
  /** Median over rounds of the baseline's time by this system's, tokenising included. */
  speedup: z.number(),
  /** The same two without tokenising. */
  encoderTextsPerSecond: z.number(),
  encoderSpeedup: z.number(),
  /** To tokenise and encode one query, in milliseconds: median and 95th percentile. */
  queryMilliseconds: z.tuple([z.number(), z.number()]).readonly(),
  texts: z.number(),
  rounds: z.number(),
  /** Weights of the graph that is run. */
  parameters: z.number(),
  /** Size of the file that holds them. */
  bytes: z.number(),
  /** Size of the collection's vectors, float32. */
  indexBytes: z.number(),
  backend: z.string(),
  /** Mean length of the texts that were timed; older reports have none. */
  characters: z.number().optional(),
  /** Share of the collection's texts that some system cuts, which are not timed; older reports timed all. */
  leftOut: z.number().optional(),
});
export type SpeedRow = z.infer<typeof speedRow>;

export const reportSchema = object({
  /** Version of a report's fields. */
  version: z.literal(reportVersion),
  environment: environmentSchema,
  spec: specSchema,
  layerwise: list(layerwiseRow),
  training: list(trainingRow),
  comparison: list(comparisonRow),
  rerankDepths: list(depthRow),
  speed: list(speedRow),
  tests: list(testRow),
  /** Each system against the first, its queries of all collections together; Holm's correction is over all of them. */
  pooledTests: list(testRow).default([]),
  /** What of a comparison failed and is left out, a sentence each. */
  failures: list(z.string()).default([]),
});
export type Report = z.infer<typeof reportSchema>;
