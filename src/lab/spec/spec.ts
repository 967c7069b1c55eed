import { z } from 'zod';
import { tieRules } from '../../search/ties.ts';
import { specVersion } from './upgrade.ts';

/** `bundled:NAME`, `local:NAME`, `folder:NAME` or `hub:OWNER/NAME@REVISION`. */
export const modelSource = z
  .string()
  .regex(
    /^(bundled:[\w.-]+|local:.+|folder:.+|hub:[\w.-]+\/[\w.-]+(@[\w./-]+)?)$/,
    'must be bundled:NAME, local:NAME, folder:NAME or hub:OWNER/NAME@REVISION',
  );

export const dtypes = ['auto', 'fp32', 'fp16', 'q8', 'q4', 'q4f16', 'bnb4'] as const;

const poolingSchema = z.strictObject({
  segments: z
    .enum(['both', 'first'])
    .default('both')
    .describe('Which copies of the self pair [CLS] s [SEP] s [SEP] a CE embedding is the mean of.'),
  cls: z.boolean().default(false).describe('Whether [CLS] is pooled too.'),
  weights: z
    .enum(['uniform', 'idf'])
    .default('uniform')
    .describe(
      "What a token counts in the mean: all alike, or by its inverse document frequency in the collection's documents, special tokens 0.",
    ),
});
export type LayerPooling = z.infer<typeof poolingSchema>;

const modelSchema = z.strictObject({
  source: modelSource,
  dtype: z.enum(dtypes).default('auto').describe('Which ONNX file: fp32 is the reference.'),
});

export const ceSchema = modelSchema.extend({
  label: z
    .union([z.int().min(0), z.string().min(1)])
    .nullable()
    .default(null)
    .describe(
      'Of a CE with several labels, the one that means relevant, by index or name; null takes the one that is named so, or the second of two.',
    ),
});

export const deSchema = modelSchema.extend({
  prompts: z
    .union([
      z.enum(['own', 'none']),
      z.strictObject({ query: z.string().default(''), document: z.string().default('') }),
    ])
    .default('own')
    .describe("What stands before the baseline's texts: the model's own prompts, none, or these."),
  dimensions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "Numbers of the baseline's vectors that are kept, for models trained for that; null keeps all.",
    ),
});

const columnName = z.string().min(1);

export const selfRules = ['auto', 'always', 'never'] as const;
export type SelfRule = (typeof selfRules)[number];

/** How rows of two texts are read; names are those of the file's columns. */
const pairColumnsSchema = z.strictObject({
  query: columnName,
  document: columnName,
  score: columnName.optional(),
  threshold: z
    .number()
    .optional()
    .describe('Pairs scored above it are relevant; else above half of the highest.'),
  subset: z.string().optional().describe('Folder of the files; empty for files in none.'),
});
export type PairColumnsSpec = z.infer<typeof pairColumnsSchema>;

const datasetSchema = z.strictObject({
  source: modelSource,
  split: z.string().min(1).default('test'),
  queries: z.int().min(1).nullable().default(null).describe('Sample of queries; null takes all.'),
  documents: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Sample of documents, always with the relevant ones of the sampled queries; null takes all.'),
  excludeSelf: z
    .enum(selfRules)
    .default('auto')
    .describe(
      'Whether a document is left out of the list of a query with the same id; auto does so unless the judgements name the two as a pair.',
    ),
  columns: pairColumnsSchema.optional().describe('Of a hub: source with rows of two texts: which are read.'),
  judgements: modelSource
    .optional()
    .describe(
      'Of a hub: source in BEIR layout: where its qrels lie; else beside the texts or in OWNER/NAME-qrels.',
    ),
});
/** A collection as a spec names it; `excludeSelf` is nothing to those who read one. */
export type DatasetSpec = Omit<z.infer<typeof datasetSchema>, 'excludeSelf'> & {
  readonly excludeSelf?: SelfRule;
};

export const trainSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'takes letters, digits, dot, underscore and hyphen'),
  init: z.enum(['ce', 'random', 'de']).default('ce'),
  layers: z.int().min(1).max(48).default(2),
  copyLayers: z.int().min(0).max(48).default(1),
  copy: z
    .array(z.int().min(0).max(47))
    .max(48)
    .nullable()
    .default(null)
    .describe(
      'Encoder layers of the source that the first layers are copied from, 0 the first; null takes the first `copyLayers`.',
    ),
  loss: z
    .enum(['mnrl', 'mse', 'margin-mse', 'kl'])
    .default('mnrl')
    .describe(
      'mnrl tells positives from the batch; mse takes a dual encoder’s vectors, margin-mse a cross encoder’s score margins, kl a teacher’s scores of each query’s candidates.',
    ),
  teacher: z
    .union([z.enum(['ce', 'de']), modelSource])
    .nullable()
    .default(null)
    .describe('Who teaches: the CE, the DE, or a source; null takes the DE for mse and the CE otherwise.'),
  temperature: z.number().positive().default(1).describe('Of kl.'),
  adaptiveLayers: z
    .boolean()
    .default(false)
    .describe(
      'Whether every layer has the loss, so that the model can be cut at each; `NAME layer K` is such a cut.',
    ),
  data: z.array(modelSource).default([]).describe('Training pairs; empty takes those of the datasets.'),
  negatives: z.enum(['given', 'bm25', 'none']).default('bm25'),
  negativesPerQuery: z.int().min(1).max(64).default(1).describe('Negatives a query brings into a batch.'),
  steps: z.int().min(1).nullable().default(null).describe('Optimiser steps; null makes `epochs` passes.'),
  epochs: z.number().positive().default(10),
  batchSize: z.int().min(1).default(64),
  miniBatchSize: z.int().min(1).default(16),
  learningRate: z.number().nonnegative().default(2e-5),
  warmupSteps: z.number().min(0).default(1000).describe('Below 1 a share of all steps.'),
  weightDecay: z.number().nonnegative().default(0.01),
  maxGradNorm: z.number().positive().default(1),
  scale: z.number().positive().default(20),
  dropout: z.number().min(0).lt(1).default(0.1),
  precision: z
    .enum(['fp32', 'fp16'])
    .default('fp32')
    .describe(
      'fp16 rounds what products of matrices multiply to float16; sums, weights and moments stay float32.',
    ),
  maxLength: z.int().min(4).default(300),
  shuffle: z.boolean().default(true),
  saveSteps: z.array(z.int().min(0)).default([]).describe('Steps whose weights are kept; 0 is the start.'),
  evaluateEvery: z
    .int()
    .min(0)
    .nullable()
    .default(0)
    .describe(
      'Steps between searches of the collections; 0 searches at the start and the end, null not at all.',
    ),
});
export type TrainSpec = z.infer<typeof trainSchema>;

/**
 * `baseline` (the DE, pooled as its own configuration says), `bm25`, `ce-layer-K` or `de-layer-K` (pooled as the
 * spec says, or as ` first`, ` both`, ` first+cls` or ` both+cls` behind the name does, and then ` idf` for IDF
 * weights), `static-ce` or `static-de` (the mean of a text's token embeddings, weighted by IDF with ` idf` behind the
 * name), the name of a trained model, a model's source, or `run:FILE`, a TREC run file, in whose name `{dataset}`
 * stands for a collection's.
 */
const systemName = z.string().min(1);

/** Of an object, `name` is what it is called in tables and files. */
export type SystemSpec =
  | string
  /** Queries embedded by one system, documents by another, whose vectors are as wide. */
  | { readonly name: string; readonly queries: string; readonly documents: string }
  /** The lists of two systems made one by reciprocal rank fusion. */
  | { readonly name: string; readonly fuse: readonly [SystemSpec, SystemSpec] };

const systemSchema: z.ZodType<SystemSpec, SystemSpec> = z
  .union(
    [
      systemName,
      z.strictObject({
        name: systemName,
        queries: systemName.describe('The system that embeds queries.'),
        documents: systemName.describe('The system that embeds documents, in vectors as wide.'),
      }),
      z.strictObject({
        name: systemName,
        fuse: z
          .tuple([z.lazy(() => systemSchema), z.lazy(() => systemSchema)])
          .describe('Two systems whose lists become one by reciprocal rank fusion.'),
      }),
    ],
    {
      error:
        'must be the name of a system, {"name", "queries": SYSTEM, "documents": SYSTEM}, or {"name", "fuse": [SYSTEM, SYSTEM]}',
    },
  )
  .meta({ id: 'system' });

/** One JSON document describes an experiment; the page, the command line and permalinks all take it. */
export const specSchema = z.strictObject({
  version: z
    .literal(specVersion)
    .default(specVersion)
    .describe('Of the fields of a spec; older ones are read.'),
  $schema: z.string().optional(),
  seed: z.int().min(0).max(0xffffffff).default(1),
  models: z.strictObject({ ce: ceSchema, de: deSchema }),
  datasets: z.array(datasetSchema).min(1),
  pooling: poolingSchema.prefault({}),
  maxLength: z.int().min(4).max(8192).default(256).describe('Tokens a row holds, specials included.'),
  ties: z.enum(tieRules).default('document-order'),
  backend: z.enum(['auto', 'webgpu', 'wasm']).default('auto'),
  layerwise: z
    .strictObject({
      enabled: z.boolean().default(true),
      layers: z.array(z.int().min(0)).nullable().default(null).describe('Layer indices; null takes all.'),
      topK: z
        .int()
        .min(10)
        .max(1000)
        .default(100)
        .describe('Documents kept a query; Recall@k and MAP see these.'),
      bootstrapSamples: z.int().min(0).max(100_000).default(1000),
    })
    .prefault({}),
  train: z.array(trainSchema).default([]),
  compare: z
    .strictObject({
      enabled: z.boolean().default(true).describe('False only where a spec has no "compare" at all.'),
      rerankDepth: z.int().min(0).max(1000).default(50).describe('Documents the CE ranks again; 0 for none.'),
      systems: z
        .array(systemSchema)
        .default([])
        .describe('What is compared; empty takes the baseline, BM25 and every trained model.'),
      speed: z.boolean().default(false).describe('Whether encoding speed is measured too.'),
    })
    .prefault({ enabled: false }),
  keep: z.array(z.enum(['embeddings', 'runs', 'checkpoints'])).default([]),
});

/** A spec with every default filled in. */
export type Spec = z.infer<typeof specSchema>;
/** A spec as a user writes it. */
export type SpecInput = z.input<typeof specSchema>;
