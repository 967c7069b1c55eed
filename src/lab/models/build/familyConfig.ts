import { z } from 'zod';
import { activations } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import type { ModelFiles } from '../types.ts';
import type { ModernBertFamily } from './modernBert.ts';
import { bertFamily, mpnetAttention, type PostNormFamily } from './postNorm.ts';

/** Families of which a graph can be built. */
export const builtFamilies = 'BERT, RoBERTa, XLM-RoBERTa, CamemBERT, ELECTRA, MPNet and ModernBERT';

export type Family =
  | { readonly kind: 'post-norm'; readonly family: PostNormFamily }
  | { readonly kind: 'modernbert'; readonly family: ModernBertFamily };

const count = z.int().min(1);
const activation = z.enum(activations);

/** Defaults as of transformers' configurations, which leave out of config.json what is as they have it. */
const postNormSchema = z.looseObject({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  intermediate_size: count,
  embedding_size: count.optional(),
  max_position_embeddings: count.default(512),
  type_vocab_size: z.int().min(0).default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: activation.default('gelu'),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  pad_token_id: z.int().min(0).nullish(),
  relative_attention_num_buckets: count.default(32),
});

const theta = z.looseObject({ rope_theta: z.number().positive().optional() }).optional();

const modernBertSchema = z.looseObject({
  vocab_size: count.default(50368),
  hidden_size: count.default(768),
  num_hidden_layers: count.default(22),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(1152),
  hidden_activation: activation.default('gelu'),
  norm_eps: z.number().positive().default(1e-5),
  norm_bias: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  classifier_bias: z.boolean().default(false),
  classifier_activation: activation.default('gelu'),
  classifier_pooling: z.enum(['cls', 'mean']).default('cls'),
  global_attn_every_n_layers: count.default(3),
  local_attention: count.default(128),
  global_rope_theta: z.number().positive().default(160000),
  local_rope_theta: z.number().positive().nullable().default(10000),
  // As transformers 5 writes them.
  layer_types: z.array(z.string()).optional(),
  rope_parameters: z.looseObject({ full_attention: theta, sliding_attention: theta }).optional(),
});

/** What differs from BERT, by `model_type`. */
const relatives: Readonly<Record<string, (base: PostNormFamily, config: PostNormConfig) => PostNormFamily>> =
  {
    bert: (base) => base,
    roberta: robertaFamily,
    'xlm-roberta': robertaFamily,
    camembert: robertaFamily,
    electra: (base, { embedding_size = 128 }) => ({
      ...base,
      shape: { ...base.shape, embedding: embedding_size },
      head: 'gelu',
    }),
    mpnet: (base, config) => ({
      ...base,
      shape: { ...base.shape, types: 0, firstPosition: (config.pad_token_id ?? 1) + 1 },
      relativeBuckets: config.relative_attention_num_buckets,
      attention: mpnetAttention,
      head: 'tanh',
    }),
  };

type PostNormConfig = z.infer<typeof postNormSchema>;

function robertaFamily(base: PostNormFamily, config: PostNormConfig): PostNormFamily {
  return { ...base, shape: { ...base.shape, firstPosition: (config.pad_token_id ?? 1) + 1 }, head: 'tanh' };
}

/**
 * Family, sizes and options of a model whose graph is to be built.
 * @throws UserError where config.json is missing, is none, or is of a family that the lab does not build
 */
export async function readFamily(files: ModelFiles, signal?: AbortSignal): Promise<Family> {
  const file = `${files.source}/config.json`;
  let value: unknown;
  try {
    value = JSON.parse(await files.text('config.json', signal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the config.json of the model repository.', { file });
  }
  const { model_type: type = 'bert' } = Object(value) as { readonly model_type?: unknown };
  if (type === 'modernbert') {
    return { kind: 'modernbert', family: modernBertFamily(parsed(modernBertSchema, value, file), file) };
  }
  return { kind: 'post-norm', family: postNormFamily(value, file) };
}

/**
 * An encoder that normalises behind each block, of what its config.json holds.
 * @throws UserError where it is of another family, or a size is missing
 */
export function postNormFamily(value: unknown, file: string): PostNormFamily {
  const { model_type: type = 'bert' } = Object(value) as { readonly model_type?: unknown };
  const relative = typeof type === 'string' ? relatives[type] : undefined;
  if (!relative) {
    throw new UserError(`is ${JSON.stringify(type)}.`, { file, field: 'model_type' });
  }
  const config = parsed(postNormSchema, value, file);
  dividing(config.hidden_size, config.num_attention_heads, file);
  const base = bertFamily({
    vocabulary: config.vocab_size,
    hidden: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    positions: config.max_position_embeddings,
    types: config.type_vocab_size,
    epsilon: config.layer_norm_eps,
    // Said only where it differs, as what is optional in a shape.
    ...(config.hidden_act === 'gelu' ? {} : { activation: config.hidden_act }),
  });
  return relative(base, config);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issue = error.issues[0];
  throw new UserError(`does not fit: ${issue?.message}.`, { file, field: issue?.path.join('.') });
}

function dividing(hidden: number, heads: number, file: string): void {
  if (hidden % heads === 0) return;
  throw new UserError(
    `is ${heads}, which does not divide hidden_size ${hidden}; use files that belong together.`,
    { file, field: 'num_attention_heads' },
  );
}

function modernBertFamily(config: z.infer<typeof modernBertSchema>, file: string): ModernBertFamily {
  dividing(config.hidden_size, config.num_attention_heads, file);
  const ropes = config.rope_parameters;
  const wide = ropes?.full_attention?.rope_theta ?? config.global_rope_theta;
  const near = ropes?.sliding_attention?.rope_theta ?? config.local_rope_theta ?? wide;
  return {
    vocabulary: config.vocab_size,
    hidden: config.hidden_size,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    epsilon: config.norm_eps,
    activation: config.hidden_activation,
    biases: {
      attention: config.attention_bias,
      mlp: config.mlp_bias,
      norm: config.norm_bias,
      head: config.classifier_bias,
    },
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) => {
      const kind = config.layer_types?.[layer];
      const local =
        kind === undefined ? layer % config.global_attn_every_n_layers !== 0 : kind === 'sliding_attention';
      return { local, theta: local ? near : wide };
    }),
    reach: Math.floor(config.local_attention / 2),
    headActivation: config.classifier_activation,
    pooling: config.classifier_pooling,
  };
}
