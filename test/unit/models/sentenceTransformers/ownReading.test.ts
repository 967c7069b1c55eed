import { expect, test } from 'vitest';
import { readModelConfig } from '../../../../src/lab/models/config.ts';
import {
  type OwnReading,
  type OwnSettings,
  ownSettings,
  readOwnReading,
} from '../../../../src/lab/models/sentenceTransformers/ownReading.ts';
import { madeModel } from '../../../support/modelFiles.ts';

const bert = {
  'config.json': { model_type: 'bert', hidden_size: 4, num_hidden_layers: 2, max_position_embeddings: 512 },
  'modules.json': [
    { type: 'sentence_transformers.models.Transformer', path: '' },
    { type: 'sentence_transformers.models.Pooling', path: '1_Pooling' },
  ],
  '1_Pooling/config.json': { pooling_mode: 'mean' },
};

async function read(
  files: Readonly<Record<string, unknown>>,
  settings: OwnSettings = ownSettings,
): Promise<OwnReading> {
  const all = { ...bert, ...files };
  const model = madeModel(
    Object.fromEntries(
      Object.entries(all).flatMap(([path, value]) => (value === null ? [] : [[path, JSON.stringify(value)]])),
    ),
  );
  return await readOwnReading(model, await readModelConfig(model), settings);
}

const modules = (...types: string[]) => ({
  'modules.json': types.map((type, i) => ({ type, path: i === 0 ? '' : `${i}_X` })),
});
const transformer = 'sentence_transformers.base.modules.transformer.Transformer';
const own = (value: unknown) => ({ 'config_sentence_transformers.json': value });

test.each<[string, Record<string, unknown>, string]>([
  [
    'code of its own',
    modules('custom_st.Transformer'),
    'test:made/modules.json: has the module custom_st.Transformer, which the lab cannot compute, so that its vectors would not be those of sentence-transformers',
  ],
  [
    'a pooling of layers',
    modules(transformer, 'sentence_transformers.models.WeightedLayerPooling'),
    'has the module sentence_transformers.models.WeightedLayerPooling',
  ],
  [
    'no encoder',
    modules('sentence_transformers.models.Normalize'),
    'does not begin with one Transformer in the root of the repository',
  ],
  [
    'no pooling',
    modules(transformer, 'sentence_transformers.models.Normalize'),
    'has no Pooling behind its Transformer',
  ],
  [
    "weights in Python's own format",
    {
      'modules.json': [
        ...bert['modules.json'],
        { type: 'sentence_transformers.models.Dense', path: '2_Dense' },
      ],
      '2_Dense/config.json': { in_features: 4, out_features: 2 },
      '2_Dense/pytorch_model.bin': '',
    },
    "test:made/2_Dense/pytorch_model.bin: is in Python's own format, which a browser does not read; save the model again",
  ],
  [
    'an activation that is not there',
    {
      'modules.json': [
        ...bert['modules.json'],
        { type: 'sentence_transformers.models.Dense', path: '2_Dense' },
      ],
      '2_Dense/config.json': {
        in_features: 4,
        out_features: 2,
        activation_function: 'torch.nn.modules.activation.Mish',
      },
    },
    'names the activation torch.nn.modules.activation.Mish; the lab has Identity, Tanh',
  ],
  [
    'another pooling',
    { '1_Pooling/config.json': { pooling_mode: 'attention' } },
    'test:made/1_Pooling/config.json, field "pooling_mode": is "attention"; the lab pools by cls, max, mean',
  ],
  [
    'a distance',
    own({ similarity_fn_name: 'euclidean' }),
    'field "similarity_fn_name": is "euclidean", a distance; the lab ranks by cosine and dot',
  ],
  [
    'a prompt that is not there',
    own({ prompts: { query: 'q: ' }, default_prompt_name: 'search' }),
    'field "default_prompt_name": is "search", but there is no prompt of that name',
  ],
  [
    'a file that is no JSON object',
    own([1]),
    "test:made/config_sentence_transformers.json: is not sentence-transformers' configuration",
  ],
])('%s is refused in one sentence', async (_, files, words) => {
  await expect(read(files)).rejects.toThrow(words);
});

test.each<[string, unknown, OwnReading['prompts']]>([
  ['for both roles', { query: 'q: ', document: 'd: ' }, { query: 'q: ', document: 'd: ' }],
  ['under the name passage', { query: 'q: ', passage: 'p: ' }, { query: 'q: ', document: 'p: ' }],
  ['document before passage', { document: '', passage: 'p: ' }, { query: '', document: '' }],
  ['of other tasks only', { clustering: 'c: ' }, { query: '', document: '' }],
  ['null', { query: null }, { query: '', document: '' }],
])('prompts %s', async (_, prompts, expected) => {
  expect((await read(own({ prompts }))).prompts).toEqual(expected);
});

test("a default prompt stands where a role has none, but a query's never before a document", async () => {
  const prompts = { query: 'q: ', general: 'g: ' };
  expect((await read(own({ prompts, default_prompt_name: 'query' }))).prompts).toEqual({
    query: 'q: ',
    document: '',
  });
  expect((await read(own({ prompts: { general: 'g: ' }, default_prompt_name: 'general' }))).prompts).toEqual({
    query: 'g: ',
    document: 'g: ',
  });
});

test.each<[string, Record<string, unknown>, number]>([
  ['its own', { 'sentence_bert_config.json': { max_seq_length: 48 } }, 48],
  ['that of an old file name', { 'sentence_roberta_config.json': { max_seq_length: 48 } }, 48],
  ["the tokeniser's", { 'tokenizer_config.json': { model_max_length: 128 } }, 128],
  [
    "the positions' where the tokeniser says 1e30",
    { 'tokenizer_config.json': { model_max_length: 1e30 } },
    512,
  ],
  ["the positions' where nothing says one", {}, 512],
  ['never more than there are positions', { 'sentence_bert_config.json': { max_seq_length: 1024 } }, 512],
])('a text is cut to a length: %s', async (_, files, length) => {
  expect((await read(files)).maxLength).toBe(length);
});

test('a 1_Pooling without modules.json is followed, and that is said', async () => {
  const reading = await read({
    'modules.json': null,
    '1_Pooling/config.json': { pooling_mode_cls_token: true },
  });
  expect(reading.pooling.modes).toEqual(['cls']);
  expect(reading.notes).toEqual(['test:made has no modules.json; it is pooled as its 1_Pooling says.']);
});

test('truncate_dim is kept to, unless the spec names another number', async () => {
  const files = own({ truncate_dim: 3 });
  expect((await read(files)).dimensions).toBe(3);
  expect((await read(files, { ...ownSettings, dimensions: 2 })).dimensions).toBe(2);
});
