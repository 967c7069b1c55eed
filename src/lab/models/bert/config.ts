import { z } from 'zod';
import type { EncoderShape } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import type { ModelFiles } from '../types.ts';

/** Defaults as of transformers' BertConfig. */
const bertSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: z.int().min(1),
  hidden_size: z.int().min(1),
  num_hidden_layers: z.int().min(1),
  num_attention_heads: z.int().min(1),
  intermediate_size: z.int().min(1),
  max_position_embeddings: z.int().min(1).default(512),
  type_vocab_size: z.int().min(1).default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.string().default('gelu'),
  position_embedding_type: z.string().default('absolute'),
  is_decoder: z.boolean().default(false),
  pad_token_id: z.int().min(0).nullish(),
});

export interface BertConfig {
  readonly shape: EncoderShape;
  readonly padTokenId: number;
  /** The whole of config.json. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * The sizes of a BERT encoder.
 * @throws UserError where config.json is missing, is none, or is of an encoder that the lab does not train
 */
export async function readBertConfig(files: ModelFiles, signal?: AbortSignal): Promise<BertConfig> {
  const file = `${files.source}/config.json`;
  let value: unknown;
  try {
    value = JSON.parse(await files.text('config.json', signal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the config.json of the model repository.', { file });
  }
  refuseOthers(value, file);
  const parsed = bertSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      `is no size of a BERT encoder (${issue?.message}); use the repository's config.json.`,
      {
        file,
        field: issue?.path.join('.'),
      },
    );
  }
  const config = parsed.data;
  if (config.hidden_size % config.num_attention_heads !== 0) {
    throw new UserError(
      `is ${config.num_attention_heads}, which does not divide hidden_size ${config.hidden_size}; use files that belong together.`,
      { file, field: 'num_attention_heads' },
    );
  }
  return {
    shape: {
      vocabulary: config.vocab_size,
      hidden: config.hidden_size,
      layers: config.num_hidden_layers,
      heads: config.num_attention_heads,
      intermediate: config.intermediate_size,
      positions: config.max_position_embeddings,
      types: config.type_vocab_size,
      epsilon: config.layer_norm_eps,
    },
    padTokenId: config.pad_token_id ?? 0,
    raw: config,
  };
}

/** What differs from BERT is said before any size that is missing for it. */
function refuseOthers(value: unknown, file: string): void {
  const { model_type, hidden_act, position_embedding_type, is_decoder } = Object(value) as Record<
    string,
    unknown
  >;
  const wanted = 'training takes BERT encoders such as cross-encoder/ms-marco-MiniLM-L-12-v2; choose one';
  const differs: readonly (readonly [string, unknown, readonly unknown[]])[] = [
    ['model_type', model_type, ['bert']],
    ['hidden_act', hidden_act, ['gelu', undefined]],
    ['position_embedding_type', position_embedding_type, ['absolute', undefined]],
    ['is_decoder', is_decoder, [false, undefined]],
  ];
  for (const [field, is, may] of differs) {
    if (may.includes(is)) continue;
    throw new UserError(`is ${is === undefined ? 'missing' : JSON.stringify(is)}, but ${wanted}.`, {
      file,
      field,
    });
  }
}
