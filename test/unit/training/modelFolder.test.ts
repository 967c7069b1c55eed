import { expect, test, vi } from 'vitest';
import { openBaseline } from '../../../src/lab/embed/openBaseline.ts';
import { readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { readModelConfig } from '../../../src/lab/models/config.ts';
import { chooseModelFile } from '../../../src/lab/models/modelFile.ts';
import { findLayers } from '../../../src/lab/models/onnx/layers.ts';
import { scanModel } from '../../../src/lab/models/onnx/scan.ts';
import { ownSettings } from '../../../src/lab/models/sentenceTransformers/ownReading.ts';
import { readTokenizer } from '../../../src/lab/models/tokenise.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { trainSchema } from '../../../src/lab/spec/spec.ts';
import { initialModel } from '../../../src/lab/training/initialise.ts';
import { type ModelCard, modelCard } from '../../../src/lab/training/modelCard.ts';
import { type FolderFile, modelFolder } from '../../../src/lab/training/modelFolder.ts';
import { zipFolder } from '../../../src/lab/training/zip.ts';
import '../../support/allclose.ts';
import { diskModel } from '../../support/modelFiles.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const ce = diskModel('public/models/mini-ce');

const card: ModelCard = {
  train: trainSchema.parse({ name: 'de-2-ce' }),
  seed: 5,
  source: 'hub:cross-encoder/ms-marco-MiniLM-L-12-v2@abc',
  data: [{ source: 'bundled:foldoc', pairs: 2913 }],
  steps: [
    { step: 0, loss: 3.25, learningRate: 0, gradNorm: 1 },
    { step: 9, loss: 1.5, learningRate: 1e-5, gradNorm: 1 },
  ],
  results: [
    { dataset: 'foldoc', system: 'de-2-ce', metrics: { 'hits@10': 0.5, 'mrr@10': 0.25 } },
    { dataset: 'foldoc', system: 'baseline', metrics: { 'hits@10': 0.75 } },
  ],
  version: '0.1.0',
};

async function made(): Promise<FolderFile[]> {
  const model = await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 5, ce);
  return await modelFolder(model, ce, card.train.maxLength, card);
}

function opened(files: readonly FolderFile[]): ModelFiles {
  const bytes = (path: string): Uint8Array<ArrayBuffer> => {
    const file = files.find((one) => one.path === path);
    if (!file) throw new Error(`There is no ${path}.`);
    return file.bytes;
  };
  return {
    source: 'test:folder',
    has: (path) => Promise.resolve(files.some((one) => one.path === path)),
    text: (path) => Promise.resolve(new TextDecoder().decode(bytes(path))),
    bytes: (path, { range } = {}) => Promise.resolve(bytes(path).slice(range?.[0], range?.[1])),
  };
}

test('the folder is one that the lab opens as a dual encoder', async () => {
  const files = opened(await made());
  expect(await readModelConfig(files)).toEqual({
    modelType: 'bert',
    architecture: 'BertModel',
    layers: 2,
    hiddenSize: 128,
    embeddingSize: 128,
    maxTokens: 256,
    padTokenId: 0,
    labels: null,
    labelNames: [],
    activation: null,
  });
  const device = { backend: 'wasm', float16: false, most: 1e9 } as const;
  const { path } = await chooseModelFile(files, 'fp32', device);
  expect(findLayers(scanModel(await files.bytes(path), path), path).states).toHaveLength(3);
  const [own, its] = [await readTokenizer(files), await readTokenizer(ce)];
  expect(own.encode('Quick brown foxes').ids).toEqual(its.encode('Quick brown foxes').ids);
});

test('cut behind a layer it is the model that has no more layers', async () => {
  const vectors = async (layers: number, cut?: number): Promise<Float32Array> => {
    const start = { init: 'ce', layers, copyLayers: layers } as const;
    const files = opened(await modelFolder(await initialModel(start, 5, ce), ce, 32, card));
    const adapter = { kind: 'none', description: 'there is none in Node' } as const;
    const options = { files, kind: 'de', dtype: 'fp32', backend: 'wasm', adapter } as const;
    const { session, encoder } = await openBaseline(options, ownSettings, cut);
    const rows = ['a disk', 'a program that checks a disk for errors'].map((text) => encoder.encode(text));
    const pooled = await session.pooled(padBatch(rows, encoder.padTokenId));
    await session.dispose();
    return pooled;
  };
  const right = await vectors(1);
  expect(await vectors(2, 1)).toBeAllclose(right, { atol: 1e-5 });
  expect(await vectors(2)).not.toEqual(right);
  await expect(vectors(2, 3)).rejects.toThrow('asks for layer 3');
}, 60_000);

test('its weights start the same model again', async () => {
  const files = opened(await made());
  const again = await initialModel({ init: 'de', layers: 2, copyLayers: 2 }, 99, files);
  const weights = readSafetensors(await files.bytes('model.safetensors'));
  expect([...weights.keys()]).toEqual([...again.weights.keys()]);
  for (const [name, { data }] of weights) {
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(again.weights.get(name)!.data.buffer))).toBe(
      0,
    );
  }
});

test('every file that sentence-transformers reads is there and is JSON', async () => {
  const files = await made();
  const parsed = Object.fromEntries(
    files
      .filter(({ path }) => path.endsWith('.json'))
      .map(({ path, bytes }) => [path, JSON.parse(new TextDecoder().decode(bytes)) as unknown]),
  );
  expect(Object.keys(parsed).sort()).toEqual([
    '1_Pooling/config.json',
    'config.json',
    'config_sentence_transformers.json',
    'modules.json',
    'sentence_bert_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  // The recipe's 300 tokens are more than the model has positions.
  expect(parsed['sentence_bert_config.json']).toMatchObject({ max_seq_length: 256 });
  expect(parsed['tokenizer_config.json']).toMatchObject({ model_max_length: 256 });
  expect(parsed['1_Pooling/config.json']).toMatchObject({ word_embedding_dimension: 128 });
  expect(parsed['config.json']).toMatchObject({ num_hidden_layers: 2, architectures: ['BertModel'] });
  expect(parsed['config.json']).not.toHaveProperty('id2label');
});

test('the card says what was chosen and measured, and nothing else', () => {
  const shape = {
    vocabulary: 30522,
    hidden: 384,
    layers: 2,
    heads: 12,
    intermediate: 1536,
    positions: 512,
    types: 2,
    epsilon: 1e-12,
  };
  const text = modelCard(card, shape, 300);
  expect(text).toMatch(/^---\nlibrary_name: sentence-transformers\n/);
  expect(text).toContain('base_model: "cross-encoder/ms-marco-MiniLM-L-12-v2"');
  expect(text).toContain('2 layers, 384 dimensions, 15,467,520 parameters');
  expect(text).toContain(
    'Its embedding layer and the first layer came from hub:cross-encoder/ms-marco-MiniLM-L-12-v2@abc; one layer began random.',
  );
  expect(text).toContain('hard negatives by BM25 (k1 0.9, b 0.4), AdamW, seed 5');
  expect(text).toContain('- bundled:foldoc: 2913 pairs');
  expect(text).toContain('Loss 3.2500 at step 0, 1.5000 at step 9.');
  expect(text).toContain('| foldoc | baseline | 0.7500 |  |');
  expect(modelCard({ ...card, source: 'bundled:mini-ce', steps: [], results: [] }, shape, 300)).toMatch(
    /No step was taken\.[\s\S]*Nothing was measured\./,
  );
  const random = trainSchema.parse({ name: 'r', init: 'random', negatives: 'none' });
  expect(modelCard({ ...card, train: random }, shape, 300)).toContain('All its weights began random');
});

/** Files of an uncompressed .zip by its central directory, PKWARE's APPNOTE 4.3.12. */
function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const files = new Map<string, Uint8Array>();
  const end = bytes.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    expect(view.getUint16(at + 10, true)).toBe(0);
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength!));
    const local = view.getUint32(at + 42, true);
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    files.set(name, bytes.subarray(data, data + view.getUint32(at + 24, true)));
    at += 46 + nameLength! + extra! + comment!;
  }
  return files;
}

test('the .zip holds the folder, and is as long as it says', async () => {
  const files = await made();
  const { stream, length } = zipFolder('de-2-ce', files, new Date(2026, 0, 2));
  const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(zipped.length).toBe(length);
  const read = readZip(zipped);
  expect([...read.keys()]).toEqual(files.map(({ path }) => `de-2-ce/${path}`));
  for (const { path, bytes } of files) {
    expect(Buffer.compare(read.get(`de-2-ce/${path}`)!, bytes), path).toBe(0);
  }
});

test('a source without a tokeniser is refused', async () => {
  const model = await initialModel({ init: 'ce', layers: 2, copyLayers: 1 }, 5, ce);
  const bare: ModelFiles = { ...ce, text: () => Promise.resolve('{') };
  await expect(modelFolder(model, bare, 300, card)).rejects.toThrow('tokenizer_config.json: is not JSON');
});
