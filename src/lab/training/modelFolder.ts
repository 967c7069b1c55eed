import { type EncoderShape, mostTokens } from '../../base/bertShape.ts';
import { UserError } from '../../base/userError.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import type { BertConfig } from '../models/bert/config.ts';
import { exportOnnx } from '../models/bert/onnxExport.ts';
import type { Weights } from '../models/bert/weightFile.ts';
import type { ModelFiles } from '../models/types.ts';
import { type ModelCard, modelCard } from './modelCard.ts';

export interface FolderFile {
  /** Below the folder, as in the hub's layout. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Tokeniser files that are copied where the source has them. */
const optionalTokenizerFiles = [
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'sentencepiece.bpe.model',
];

/** Fields of a classifier's config.json that an encoder does not have. */
const classifierFields = new Set([
  'architectures',
  'id2label',
  'label2id',
  'num_labels',
  'problem_type',
  'classifier_dropout',
  'sbert_ce_default_activation_function',
  'sentence_transformers',
  'transformers_version',
  'torch_dtype',
  'dtype',
  '_name_or_path',
]);

/**
 * A trained model as a folder in the hub's layout, which transformers.js (`onnx/model.onnx`),
 * sentence-transformers (`modules.json`) and the lab load.
 * @param source files of the model that the run began with; its tokeniser goes along
 * @param maxLength tokens that a text was cut to in training
 * @throws UserError when the source has no tokeniser
 */
export async function modelFolder(
  model: { readonly shape: EncoderShape; readonly weights: Weights; readonly config: BertConfig },
  source: ModelFiles,
  maxLength: number,
  card: ModelCard,
  signal?: AbortSignal,
): Promise<FolderFile[]> {
  const { shape, weights, config } = model;
  const longest = Math.min(maxLength, mostTokens(shape));
  const kept = Object.entries(config.raw).filter(([field]) => !classifierFields.has(field));
  return [
    text('README.md', modelCard(card, shape, longest)),
    json('config.json', {
      architectures: [config.architecture],
      ...Object.fromEntries(kept),
      num_hidden_layers: shape.layers,
      torch_dtype: 'float32',
    }),
    ...(await tokenizerFiles(source, longest, signal)),
    json('modules.json', [
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ]),
    json('1_Pooling/config.json', {
      word_embedding_dimension: shape.hidden,
      pooling_mode_cls_token: false,
      pooling_mode_mean_tokens: true,
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
    }),
    json('sentence_bert_config.json', { max_seq_length: longest, do_lower_case: false }),
    json('config_sentence_transformers.json', {
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    }),
    { path: 'model.safetensors', bytes: writeSafetensors(weights, { format: 'pt' }) },
    { path: 'onnx/model.onnx', bytes: exportOnnx(shape, weights) },
  ];
}

async function tokenizerFiles(
  source: ModelFiles,
  longest: number,
  signal: AbortSignal | undefined,
): Promise<FolderFile[]> {
  const configFile = 'tokenizer_config.json';
  const config = (await source.has(configFile)) ? await tokenizerConfig(source, configFile, signal) : {};
  const files = [
    text('tokenizer.json', await source.text('tokenizer.json', signal)),
    json(configFile, { ...config, model_max_length: longest }),
  ];
  for (const path of optionalTokenizerFiles) {
    if (await source.has(path)) files.push({ path, bytes: await source.bytes(path, { signal }) });
  }
  return files;
}

async function tokenizerConfig(source: ModelFiles, path: string, signal?: AbortSignal): Promise<object> {
  try {
    return Object(JSON.parse(await source.text(path, signal))) as object;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the file of the model repository.', {
      file: `${source.source}/${path}`,
    });
  }
}

function text(path: string, content: string): FolderFile {
  return { path, bytes: new TextEncoder().encode(content) };
}

function json(path: string, content: unknown): FolderFile {
  return text(path, `${JSON.stringify(content, null, 2)}\n`);
}
