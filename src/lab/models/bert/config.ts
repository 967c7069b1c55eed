import { type EncoderShape, trainedActivations } from '../../../base/bertShape.ts';
import { UserError } from '../../../base/userError.ts';
import { postNormFamily } from '../build/familyConfig.ts';
import type { PostNormFamily } from '../build/postNorm.ts';
import type { ModelFiles } from '../types.ts';

/** Families that can be trained from, by `model_type`: class of the encoder alone, and its padding token. */
const trainedFamilies: Readonly<Record<string, { readonly encoder: string; readonly padTokenId: number }>> = {
  bert: { encoder: 'BertModel', padTokenId: 0 },
  roberta: { encoder: 'RobertaModel', padTokenId: 1 },
  'xlm-roberta': { encoder: 'XLMRobertaModel', padTokenId: 1 },
  camembert: { encoder: 'CamembertModel', padTokenId: 1 },
  electra: { encoder: 'ElectraModel', padTokenId: 0 },
};

export interface BertConfig {
  readonly family: PostNormFamily;
  /** The family's. */
  readonly shape: EncoderShape;
  readonly padTokenId: number;
  /** Name of the encoder's class in transformers. */
  readonly architecture: string;
  /** The whole of config.json. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * The sizes of a BERT encoder, or of one of its relatives that can be trained from.
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
  const raw = value as Readonly<Record<string, unknown>>;
  const { encoder, padTokenId } = trainedFamilies[String(raw.model_type)]!;
  const given = raw.pad_token_id;
  const family = postNormFamily(value, file);
  return {
    family,
    shape: family.shape,
    padTokenId: typeof given === 'number' ? given : padTokenId,
    architecture: encoder,
    raw,
  };
}

/** What cannot be trained is said before any size that is missing for it. */
function refuseOthers(value: unknown, file: string): void {
  const { model_type, hidden_act, position_embedding_type, type_vocab_size, is_decoder } = Object(
    value,
  ) as Record<string, unknown>;
  const wanted =
    'training starts from BERT, RoBERTa, XLM-RoBERTa, CamemBERT and ELECTRA encoders such as cross-encoder/ms-marco-MiniLM-L-12-v2; choose one';
  const differs: readonly (readonly [string, unknown, readonly unknown[]])[] = [
    ['model_type', model_type, Object.keys(trainedFamilies)],
    ['hidden_act', hidden_act, [...trainedActivations, undefined]],
    ['position_embedding_type', position_embedding_type, ['absolute', undefined]],
    ['type_vocab_size', type_vocab_size === 0 ? 0 : undefined, [undefined]],
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
