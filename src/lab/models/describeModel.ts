import { z } from 'zod';
import { isUserError, sentenceOf } from '../../base/userError.ts';
import type { Spec } from '../spec/spec.ts';
import { readBertConfig } from './bert/config.ts';
import { safetensorsFile } from './bert/safetensorsFiles.ts';
import { buildGraph } from './build/buildGraph.ts';
import { type ModelConfig, readModelConfig } from './config.ts';
import { chooseModelFile, graphNames, type ModelDevice } from './modelFile.ts';
import { fixedShape, modelInputs } from './modelInputs.ts';
import { scanInlined } from './onnx/inline.ts';
import { type EncoderLayers, findLayers } from './onnx/layers.ts';
import type { ScannedModel } from './onnx/scan.ts';
import { readJson } from './readJson.ts';
import { headOf } from './sentenceTransformers/head.ts';
import { ownSettings, readingInWords, readOwnReading } from './sentenceTransformers/ownReading.ts';
import { namedPrompts, type OwnConfig, readOwnConfig } from './sentenceTransformers/prompts.ts';
import { readTokenizer, templateOf } from './tokenise.ts';
import type { ModelFiles, ModelKind } from './types.ts';

export interface DescribedFile {
  readonly path: string;
  /** null where it is not known before the file is read. */
  readonly bytes: number | null;
  /** As its name says: fp32, fp16, q8, q4 and so on. */
  readonly precision: string;
}

export interface DescribedTokenizer {
  /** WordPiece, BPE or Unigram. */
  readonly kind: string;
  /** How one text and a pair are framed. */
  readonly single: string;
  readonly pair: string | null;
  readonly padding: 'left' | 'right';
}

/** What can be read out of the graph that the lab would run. */
export interface DescribedGraph {
  readonly path: string;
  /** Why this file, where it is not the first choice. */
  readonly why: string | null;
  readonly parameters: number;
  readonly outputs: readonly string[];
  /** Hidden states that can be had, 0 the embedding layer's output. */
  readonly states: readonly number[];
  /** Encoder layers, 1 the first, whose attention can be had. */
  readonly attention: readonly number[];
  readonly logits: boolean;
}

/** What a model is, before anything is run. */
export interface ModelDescription {
  readonly source: string;
  readonly kind: ModelKind;
  readonly family: string;
  readonly architecture: string;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number | null;
  readonly intermediate: number | null;
  readonly vocabulary: number | null;
  readonly maxTokens: number;
  readonly files: readonly DescribedFile[];
  readonly tokenizer: DescribedTokenizer | null;
  /** Its prompts by name; empty ones are left out. */
  readonly prompts: readonly (readonly [name: string, prompt: string])[];
  /** For a DE, how sentence-transformers reads with it; for a CE, what pairs are ranked by. */
  readonly reading: string | null;
  readonly graph: DescribedGraph | null;
  /** Whether a model to train can start from it, in words. */
  readonly training: string;
  /** What may surprise about how it is read, in sentences. */
  readonly notes: readonly string[];
  /** What cannot be had, a sentence each. */
  readonly refused: readonly string[];
}

export interface DescribeOptions {
  readonly device: ModelDevice;
  readonly dtype: Spec['models']['ce']['dtype'];
  /** Whether the graph is read, which of a hub's model downloads it. */
  readonly graph: boolean;
  readonly signal?: AbortSignal;
  readonly onDownload?: (file: string, loaded: number, total: number | null) => void;
}

/**
 * Says what a model is and what can be had of it. What cannot is told, a sentence each, beside the rest.
 * @throws UserError where there is no config.json of an encoder
 */
export async function describeModel(files: ModelFiles, options: DescribeOptions): Promise<ModelDescription> {
  const { signal } = options;
  const refused: string[] = [];
  const notes: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!isUserError(error)) throw error;
      refused.push(sentenceOf(error));
      return null;
    }
  };
  const config = await readModelConfig(files, signal);
  const own = (await attempt(() => readOwnConfig(files, signal))) ?? {};
  const kind: ModelKind = config.labels !== null || own.model_type === 'CrossEncoder' ? 'ce' : 'de';
  return {
    source: files.source,
    kind,
    family: config.modelType,
    architecture: config.architecture,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    ...(await sizesOf(files, signal)),
    maxTokens: config.maxTokens,
    files: await filesOf(files),
    tokenizer: await attempt(() => tokenizerOf(files, signal)),
    prompts: namedPrompts(own),
    reading: await attempt(() => readingOf({ files, config, own, kind, notes }, signal)),
    graph: options.graph ? await attempt(() => graphOf(files, config, options, refused)) : null,
    training: await trainingOf(files, signal),
    notes,
    refused,
  };
}

async function trainingOf(files: ModelFiles, signal?: AbortSignal): Promise<string> {
  try {
    await readBertConfig(files, signal);
    return 'a model to train can start from its layers';
  } catch (error) {
    if (!isUserError(error)) throw error;
    return sentenceOf(error);
  }
}

const sizesSchema = z.looseObject({
  num_attention_heads: z.int().nullish(),
  n_heads: z.int().nullish(),
  intermediate_size: z.int().nullish(),
  hidden_dim: z.int().nullish(),
  vocab_size: z.int().nullish(),
});

async function sizesOf(
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<Pick<ModelDescription, 'heads' | 'intermediate' | 'vocabulary'>> {
  const raw = await readJson(files, 'config.json', sizesSchema, 'a model configuration', signal);
  return {
    heads: raw.num_attention_heads ?? raw.n_heads ?? null,
    intermediate: raw.intermediate_size ?? raw.hidden_dim ?? null,
    vocabulary: raw.vocab_size ?? null,
  };
}

const weightsFile = /\.(onnx|onnx_data|onnx\.data|safetensors)$/;

/** Files with weights; where they cannot be listed, those of the usual names. */
async function filesOf(files: ModelFiles): Promise<DescribedFile[]> {
  const listed = (await files.list?.()) ?? null;
  const paths = listed?.filter((path) => weightsFile.test(path)) ?? [];
  if (!listed) {
    for (const path of [...graphNames, safetensorsFile]) if (await files.has(path)) paths.push(path);
  }
  return await Promise.all(
    paths.sort().map(async (path) => ({
      path,
      bytes: (await files.size?.(path)) ?? null,
      precision: precisionOf(path),
    })),
  );
}

const precisions: readonly (readonly [RegExp, string])[] = [
  [/safetensors$/, 'weights'],
  [/q4f16/, 'q4f16'],
  [/bnb4/, 'bnb4'],
  [/q4/, 'q4'],
  [/uint8/, 'uint8'],
  [/int8|quantized/, 'int8'],
  [/fp16|float16|_O4/, 'fp16'],
];

/** Precision of a file, going by how exporters name it. */
function precisionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return precisions.find(([pattern]) => pattern.test(name))?.[1] ?? 'fp32';
}

const tokenizerSchema = z.looseObject({ model: z.looseObject({ type: z.string().nullish() }).nullish() });
const paddingSchema = z.looseObject({ padding_side: z.string().nullish() });

async function tokenizerOf(files: ModelFiles, signal?: AbortSignal): Promise<DescribedTokenizer> {
  const tokenizer = await readTokenizer(files, signal);
  const raw = await readJson(files, 'tokenizer.json', tokenizerSchema, 'a tokeniser', signal);
  const config = (await files.has('tokenizer_config.json'))
    ? await readJson(files, 'tokenizer_config.json', paddingSchema, 'a tokeniser file', signal)
    : {};
  return {
    kind: raw.model?.type ?? 'unnamed',
    single: templateOf(tokenizer, false),
    pair: templateOf(tokenizer, true),
    padding: config.padding_side === 'left' ? 'left' : 'right',
  };
}

interface ToRead {
  readonly files: ModelFiles;
  readonly config: ModelConfig;
  readonly own: OwnConfig;
  readonly kind: ModelKind;
  readonly notes: string[];
}

async function readingOf({ files, config, own, kind, notes }: ToRead, signal?: AbortSignal): Promise<string> {
  if (kind === 'de') {
    const reading = await readOwnReading(files, config, ownSettings, signal);
    notes.push(...reading.notes);
    return readingInWords(reading);
  }
  const labelNames = config.labelNames.length > 0 ? config.labelNames : ['LABEL_0'];
  const { words, activation } = headOf({ ...config, labelNames }, own, null, files.source);
  return `ranked by ${words}; sentence-transformers applies ${activation.name}`;
}

async function graphOf(
  files: ModelFiles,
  config: ModelConfig,
  { device, dtype, signal, onDownload }: DescribeOptions,
  refused: string[],
): Promise<DescribedGraph> {
  const { path, build, why } = await chooseModelFile(files, dtype, device);
  const file = `${files.source}/${path}`;
  const bytes = build
    ? await buildGraph(files, config, signal)
    : await files.bytes(path, {
        signal,
        onProgress: (loaded, total) => onDownload?.(file, loaded, total ?? null),
      });
  const model = scanInlined(bytes, file);
  const outputs = model.outputs.map(({ name }) => name);
  const whole = [why, fixedShape(modelInputs(model, config, file))].filter((part) => part !== null);
  return {
    path,
    why: whole.length === 0 ? null : whole.join('; '),
    parameters: model.initializers.reduce((sum, { weights }) => sum + weights, 0),
    outputs,
    logits: outputs.includes('logits'),
    ...insideOf(model, file, refused),
  };
}

/** States and attention, as far as the graph gives them. */
function insideOf(
  model: ScannedModel,
  file: string,
  refused: string[],
): Pick<DescribedGraph, 'states' | 'attention'> {
  let layers: EncoderLayers;
  try {
    layers = findLayers(model, file);
  } catch (error) {
    if (!isUserError(error)) throw error;
    refused.push(sentenceOf(error));
    return { states: [], attention: [] };
  }
  const attention = layers.attention.flatMap((name, layer) => (name ? [layer + 1] : []));
  if (attention.length < layers.attention.length) {
    refused.push(
      `${file}: gives attention of ${attention.length === 0 ? 'no layer' : `layers ${attention.join(', ')} only`}, since the others are computed in one fused operator.`,
    );
  }
  return { states: layers.states.map((_, layer) => layer), attention };
}
