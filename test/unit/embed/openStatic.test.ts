import { expect, test } from 'vitest';
import { idfPooled } from '../../../src/lab/embed/idfPooling.ts';
import { checkStatic, openStatic } from '../../../src/lab/embed/openStatic.ts';
import { writeSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { madeModel } from '../../support/modelFiles.ts';

const vocab = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, a: 4, b: 5, c: 6 };
const special = (id: string) => ({ id, ids: [vocab[id as keyof typeof vocab]], tokens: [id] });
const tokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: ['[CLS]', 'A', '[SEP]'].map((id) =>
      id === 'A' ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } },
    ),
    pair: ['[CLS]', 'A', '[SEP]', 'B', '[SEP]'].map((id) =>
      id === 'A' || id === 'B' ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } },
    ),
    special_tokens: { '[CLS]': special('[CLS]'), '[SEP]': special('[SEP]') },
  },
  decoder: null,
  model: {
    type: 'WordPiece',
    vocab,
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
  },
};
const table = Float32Array.from([0, 0, 9, 9, 100, 100, 100, 100, 1, 0, 0, 1, 2, 2]);
const weights = writeSafetensors(
  new Map([['bert.embeddings.word_embeddings.weight', { shape: [7, 2], data: table }]]),
);
const files: ModelFiles = {
  ...madeModel({
    'config.json': JSON.stringify({ num_hidden_layers: 1, hidden_size: 2 }),
    'tokenizer.json': JSON.stringify(tokenizer),
    'model.safetensors': '',
  }),
  bytes: (_, { range } = {}) => Promise.resolve(weights.slice(range?.[0], range?.[1])),
};
const spec = parseSpec({
  models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
  datasets: [{ source: 'folder:one' }],
});
const from = {
  openFiles: () => Promise.resolve(files),
  adapter: () => Promise.resolve({ kind: 'none' as const, description: 'none' }),
  checks: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
};
const open = (weighted: 'uniform' | 'idf') =>
  openStatic({ type: 'static', kind: 'ce', weights: weighted }, spec, from, new AbortController().signal);

test('a static system is the mean of the rows of its own tokens, [CLS] and [SEP] left out', async () => {
  const { session, encoder } = await open('uniform');
  const rows = ['a b', 'a a c c'].map((text) => encoder.encode(text));
  expect([...(await session.pooled(padBatch(rows, 0)))]).toEqual([0.5, 0.5, 1.5, 1]);
  expect(session.info).toMatchObject({ hiddenSize: 2, parameters: 14, bytes: 56, layers: 0 });
});

test('IDF weights are those of the collection that is searched', async () => {
  const model = await open('idf');
  // Of three documents all have a, one has b: ln(4 / 4) + 1 = 1 and ln(4 / 2) + 1 = 1.693147.
  const { session, encoder } = idfPooled(model, ['a b', 'a', 'a c']);
  const [first, second] = await session.pooled(padBatch([encoder.encode('a b')], 0));
  expect(first).toBeCloseTo(1 / 2.693147, 6);
  expect(second).toBeCloseTo(1.693147 / 2.693147, 6);
});

test('a text without a token that is known is the row of [UNK], and an empty one that of its first token', async () => {
  const { session, encoder } = await open('uniform');
  const rows = ['zebra', ''].map((text) => encoder.encode(text));
  expect([...(await session.pooled(padBatch(rows, 0)))]).toEqual([9, 9, 100, 100]);
});

test('whether it can be opened is told without its weights', async () => {
  const unread: ModelFiles = { ...files, bytes: () => Promise.reject(new Error('Weights were read.')) };
  const signal = new AbortController().signal;
  const system = { type: 'static', kind: 'de', weights: 'uniform' } as const;
  await checkStatic(system, spec, { ...from, openFiles: () => Promise.resolve(unread) }, signal);
});
