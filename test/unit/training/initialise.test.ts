import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parameterShapes } from '../../../src/base/bertShape.ts';
import { readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { encoderName } from '../../../src/lab/models/bert/parameterName.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { type InitialModel, initialModel, randomParameter } from '../../../src/lab/training/initialise.ts';
import { diskModel, madeModel } from '../../support/modelFiles.ts';

const folder = 'public/models/mini-ce';
const ce = diskModel(folder);
const inFile = readSafetensors(
  new Uint8Array(readFileSync(new URL(`../../../${folder}/model.safetensors`, import.meta.url))),
);

/** Deep equality of large arrays takes seconds. */
function same(a: Float32Array | undefined, b: Float32Array | undefined): boolean {
  const bytes = (all: Float32Array): Buffer => Buffer.from(all.buffer, all.byteOffset, all.byteLength);
  return a !== undefined && b !== undefined && bytes(a).equals(bytes(b));
}

/** The same files without some of them, with a record of the bytes read. */
function without(files: ModelFiles, hidden: string): ModelFiles & { read: number } {
  const spied = {
    ...files,
    read: 0,
    has: async (path: string) => path !== hidden && (await files.has(path)),
    bytes: async (...args: Parameters<ModelFiles['bytes']>) => {
      const bytes = await files.bytes(...args);
      spied.read += bytes.length;
      return bytes;
    },
  };
  return spied;
}

test('DE-2 CE has the embedding layer and layer 0 of the CE, and a random layer 1', async () => {
  const { shape, weights, config } = await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 7, ce);
  expect(shape).toMatchObject({ layers: 2, hidden: 128, vocabulary: 8192, heads: 4, epsilon: 1e-12 });
  expect(config.padTokenId).toBe(0);
  expect([...weights.keys()]).toEqual(parameterShapes(shape).map(({ name }) => name));
  for (const [name, { data, shape: size }] of weights) {
    const its = inFile.get(`bert.${name}`)!;
    expect(size).toEqual(its.shape);
    if (name.startsWith('encoder.layer.1.')) {
      expect(same(data, randomParameter({ name, shape: size }, 7, 0)), name).toBe(true);
    } else {
      expect(same(data, its.data), name).toBe(true);
    }
  }
});

test('chosen layers are copied in their order, whatever copyLayers says, and share their bits with the file', async () => {
  const de = diskModel('public/models/mini-de');
  const start = { init: 'de', layers: 3, copyLayers: 1, copy: [0, 5] } as const;
  const { weights, shape } = await initialModel(start, 7, de);
  expect(shape.layers).toBe(3);
  const its = readSafetensors(
    new Uint8Array(
      readFileSync(new URL('../../../public/models/mini-de/model.safetensors', import.meta.url)),
    ),
  );
  const found = (name: string): Float32Array | undefined => (its.get(name) ?? its.get(`bert.${name}`))?.data;
  const part = (layer: number): string => `encoder.layer.${layer}.attention.self.key.weight`;
  const own = (layer: number): Float32Array | undefined => weights.get(part(layer))?.data;
  expect(same(own(0), found(part(0)))).toBe(true);
  expect(same(own(1), found(part(5)))).toBe(true);
  expect(same(own(2), randomParameter({ name: part(2), shape: [128, 128] }, 7, 0))).toBe(true);
});

test('layers beyond those there are cannot be copied', async () => {
  const start = (copy: number[]): Promise<unknown> =>
    initialModel({ init: 'ce', layers: 2, copyLayers: 1, copy }, 7, ce);
  await expect(start([0, 6])).rejects.toThrow(
    'field "train.copy": names layer 6, but test:public/models/mini-ce has 6 layers, 0 to 5; choose among those.',
  );
  await expect(start([0, 1, 2])).rejects.toThrow(
    'names 3 layers, but the model has 2; name as many at most, or raise layers.',
  );
});

test('only the tensors that are needed are read from the file', async () => {
  const spied = without(ce, '');
  await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 7, spied);
  const needed = [...inFile]
    .filter(([name]) => /^bert\.(embeddings|encoder\.layer\.0)\./.test(name))
    .reduce((sum, [, { data }]) => sum + data.byteLength, 0);
  expect(spied.read).toBeGreaterThanOrEqual(needed);
  expect(spied.read).toBeLessThan(needed + 2 ** 17);
});

test('without safetensors the initialisers of the ONNX file give the same', async () => {
  const wanted = { init: 'ce', layers: 6, copyLayers: 6 } as const;
  const fromOnnx = await initialModel(wanted, 1, without(ce, 'model.safetensors'));
  const { weights } = await initialModel(wanted, 1, ce);
  for (const [name, { data, shape }] of fromOnnx.weights) {
    expect(shape).toEqual(weights.get(name)!.shape);
    expect(same(data, weights.get(name)!.data), name).toBe(true);
  }
});

test('DE-2 Rand copies nothing and shares what is random with DE-2 CE', async () => {
  const random = await initialModel({ init: 'random', layers: 2, copyLayers: 1 }, 7, ce);
  const mixed = await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 7, ce);
  const other = await initialModel({ init: 'random', layers: 2, copyLayers: 0 }, 8, ce);
  const embeddingOnly = await initialModel({ init: 'ce', layers: 2, copyLayers: 0 }, 7, ce);
  const of = (model: InitialModel, name: string): Float32Array | undefined => model.weights.get(name)?.data;
  const [words, first, second] = [
    'embeddings.word_embeddings.weight',
    'encoder.layer.0.output.dense.weight',
    'encoder.layer.1.output.dense.weight',
  ] as const;
  expect(same(of(random, second), of(mixed, second))).toBe(true);
  expect(same(of(random, second), of(other, second))).toBe(false);
  expect(same(of(random, first), of(mixed, first))).toBe(false);
  expect(same(of(random, words), of(mixed, words))).toBe(false);
  expect(same(of(embeddingOnly, words), of(mixed, words))).toBe(true);
  expect(same(of(embeddingOnly, first), of(random, first))).toBe(true);
});

test('random weights are as BERT has them', async () => {
  const { shape, weights } = await initialModel({ init: 'random', layers: 2, copyLayers: 0 }, 11, ce);
  for (const [name, { data }] of weights) {
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    if (name.endsWith('.bias')) expect(new Set(data), name).toEqual(new Set([0]));
    else if (name.includes('LayerNorm')) expect(new Set(data), name).toEqual(new Set([1]));
    else {
      const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      // Six standard errors.
      expect(Math.abs(mean), name).toBeLessThan((6 * 0.02) / Math.sqrt(data.length));
      expect(Math.abs(deviation - 0.02), name).toBeLessThan((6 * 0.02) / Math.sqrt(2 * data.length) + 1e-4);
      const beyond = data.reduce((count, value) => count + (Math.abs(value) > 0.04 ? 1 : 0), 0) / data.length;
      expect(Math.abs(beyond - 0.0455), name).toBeLessThan(6 * Math.sqrt(0.0455 / data.length));
    }
  }
  const words = weights.get('embeddings.word_embeddings.weight')!.data;
  expect(new Set(words.subarray(0, shape.hidden))).toEqual(new Set([0]));
  expect(words[shape.hidden]).not.toBe(0);
});

test.each([
  ['bert.embeddings.LayerNorm.gamma', 'embeddings.LayerNorm.weight'],
  ['encoder.layer.11.output.LayerNorm.beta', 'encoder.layer.11.output.LayerNorm.bias'],
  ['0.auto_model.embeddings.word_embeddings.weight', 'embeddings.word_embeddings.weight'],
  ['bert.pooler.dense.weight', 'pooler.dense.weight'],
  ['classifier.weight', 'classifier.weight'],
  ['dropout.weight', null],
  ['electra.embeddings_project.weight', 'embeddings_project.weight'],
  ['embeddings_projection.weight', null],
])('%s is %s', (name, plain) => {
  expect(encoderName(name)).toBe(plain);
});

const config = JSON.parse(await ce.text('config.json')) as Record<string, unknown>;

test.each([
  [{ model_type: 'deberta-v2' }, 'field "model_type": is "deberta-v2"'],
  [{ model_type: 'modernbert' }, 'training starts from BERT, RoBERTa, XLM-RoBERTa, CamemBERT and ELECTRA'],
  [{ hidden_act: 'relu' }, 'field "hidden_act": is "relu"'],
  [{ type_vocab_size: 0 }, 'field "type_vocab_size": is 0'],
  [{ position_embedding_type: 'relative_key' }, 'field "position_embedding_type"'],
  [{ hidden_size: undefined }, 'field "hidden_size"'],
  [{ num_attention_heads: 3 }, 'field "num_attention_heads": is 3'],
])('%j is refused', async (changed, words) => {
  const files = madeModel({ 'config.json': JSON.stringify({ ...config, ...changed }) });
  await expect(initialModel({ init: 'random', layers: 2, copyLayers: 0 }, 1, files)).rejects.toThrow(words);
});

test('what the files do not have is said', async () => {
  const start = (files: ModelFiles, layers: number, copyLayers: number): Promise<unknown> =>
    initialModel({ init: 'ce', layers, copyLayers }, 1, files);
  await expect(start(ce, 2, 3)).rejects.toThrow('field "train.copyLayers": is 3, but the model has 2 layers');
  await expect(start(ce, 9, 7)).rejects.toThrow('has 6 layers; copy at most 6');
  await expect(start(madeModel({ 'config.json': JSON.stringify(config) }), 2, 1)).rejects.toThrow(
    'has no weights that the lab reads',
  );
  const wider = madeModel({ 'config.json': JSON.stringify({ ...config, intermediate_size: 99 }) });
  const mismatched: ModelFiles = { ...ce, text: wider.text };
  await expect(start(mismatched, 2, 1)).rejects.toThrow('where config.json says [99, 128]');
});

test('training from a DeBERTa is refused in one sentence that says what to take instead', async () => {
  await expect(
    initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 7, diskModel('test/reference/deberta')),
  ).rejects.toThrow(
    'config.json, field "model_type": is "deberta-v2", but training starts from BERT, RoBERTa, XLM-RoBERTa, CamemBERT and ELECTRA encoders such as cross-encoder/ms-marco-MiniLM-L-12-v2; choose one.',
  );
});
