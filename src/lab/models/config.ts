import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { ModelFiles } from './types.ts';

const configSchema = z.looseObject({
  model_type: z.string().default('bert'),
  architectures: z.array(z.string()).nullish(),
  num_hidden_layers: z.int().min(1).optional(),
  n_layers: z.int().min(1).optional(),
  hidden_size: z.int().min(1).optional(),
  dim: z.int().min(1).optional(),
  embedding_size: z.int().min(1).nullish(),
  max_position_embeddings: z.int().min(1).default(512),
  pad_token_id: z.int().nullish(),
  id2label: z.record(z.string(), z.string()).nullish(),
  num_labels: z.int().optional(),
  sentence_transformers: z.looseObject({ activation_fn: z.string().nullish() }).nullish(),
  sbert_ce_default_activation_function: z.string().nullish(),
});

export interface ModelConfig {
  readonly modelType: string;
  readonly architecture: string;
  readonly layers: number;
  readonly hiddenSize: number;
  /** Numbers of a token's embedding before a family such as ALBERT widens it to `hiddenSize`. */
  readonly embeddingSize: number;
  /** Tokens that have a position. */
  readonly maxTokens: number;
  readonly padTokenId: number;
  /** Outputs of the classifier head, null where there is none. */
  readonly labels: number | null;
  /** Names of these, in order; empty where there is no head. */
  readonly labelNames: readonly string[];
  /** What sentence-transformers applies to the logits, as config.json names it; null where it does not. */
  readonly activation: string | null;
}

/** Families whose first position is `pad_token_id + 1`, so that many positions are never used. */
const offsetPositions = new Set(['roberta', 'xlm-roberta', 'camembert', 'mpnet']);

/** The position of a text's first token. */
export function positionOffset(modelType: string, padTokenId: number): number {
  return offsetPositions.has(modelType) ? padTokenId + 1 : 0;
}

/** Padding tokens of families where config.json names none, as transformers has them; of the others 0. */
const padTokens: Readonly<Record<string, number>> = {
  roberta: 1,
  'xlm-roberta': 1,
  camembert: 1,
  mpnet: 1,
  modernbert: 50283,
};

/** @throws UserError when config.json is missing, is no JSON, or lacks a field that is needed. */
export async function readModelConfig(files: ModelFiles, signal?: AbortSignal): Promise<ModelConfig> {
  const file = `${files.source}/config.json`;
  const text = await files.text('config.json', signal);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError('is not JSON; use the config.json of the model repository.', { file });
  }
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(`${issue?.message ?? 'is not a model configuration'}.`, {
      file,
      field: issue?.path.join('.'),
    });
  }
  const config = parsed.data;
  const layers = config.num_hidden_layers ?? config.n_layers;
  const hiddenSize = config.hidden_size ?? config.dim;
  if (layers === undefined || hiddenSize === undefined) {
    throw new UserError('is missing; use the config.json of the model repository.', {
      file,
      field: layers === undefined ? 'num_hidden_layers' : 'hidden_size',
    });
  }
  const padTokenId = config.pad_token_id ?? padTokens[config.model_type] ?? 0;
  const classifies =
    config.architectures?.some((name) => name.endsWith('ForSequenceClassification')) ?? false;
  const offset = positionOffset(config.model_type, padTokenId);
  const labels = classifies
    ? (config.num_labels ?? (config.id2label ? Object.keys(config.id2label).length : 2))
    : null;
  return {
    modelType: config.model_type,
    architecture: config.architectures?.[0] ?? config.model_type,
    layers,
    hiddenSize,
    embeddingSize: config.embedding_size ?? hiddenSize,
    maxTokens: config.max_position_embeddings - offset,
    padTokenId,
    labels,
    labelNames: Array.from({ length: labels ?? 0 }, (_, i) => config.id2label?.[i] ?? `LABEL_${i}`),
    activation:
      config.sentence_transformers?.activation_fn ?? config.sbert_ce_default_activation_function ?? null,
  };
}
