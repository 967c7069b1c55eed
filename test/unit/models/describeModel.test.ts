import { afterAll, beforeAll, expect, test } from 'vitest';
import { setHubAccess } from '../../../src/lab/hub/access.ts';
import { describedLines } from '../../../src/lab/models/describedLines.ts';
import { describeModel, type ModelDescription } from '../../../src/lab/models/describeModel.ts';
import { openHubModel } from '../../../src/lab/models/hubFiles.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';
import { filesOf } from '../../support/hub/setup.ts';
import { diskModel } from '../../support/modelFiles.ts';
import { caseFiles, reference } from '../../support/sentenceTransformers.ts';

const device = { backend: 'wasm', float16: false, most: 1e9 } as const;
const describe = (files: ModelFiles, graph = true): Promise<ModelDescription> =>
  describeModel(files, { device, dtype: 'auto', graph });
const embedder = (name: string) => caseFiles(reference.embedders.find((one) => one.name === name)!);
const reranker = (name: string) => caseFiles(reference.rerankers.find((one) => one.name === name)!);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({ models: { 'owner/ce': filesOf('public/models/mini-ce') } });
  setHubAccess({ onNotice: () => {} });
});
afterAll(() => hub.close());

test('a cross encoder of the hub: sizes, files, tokeniser, head, and what its graph gives', async () => {
  const model = await describe(await openHubModel('owner/ce@main', hub.url));
  expect(model).toMatchObject({
    source: `hub:owner/ce@${hub.commitOf('models', 'owner/ce')}`,
    kind: 'ce',
    family: 'bert',
    layers: 6,
    hiddenSize: 128,
    heads: 4,
    intermediate: 512,
    vocabulary: 8192,
    maxTokens: 256,
    tokenizer: {
      kind: 'WordPiece',
      single: '[CLS] A [SEP]',
      pair: '[CLS] A [SEP] B [SEP]',
      padding: 'right',
    },
    reading: 'ranked by its one logit; sentence-transformers applies Sigmoid',
    graph: {
      path: 'onnx/model.onnx',
      states: [0, 1, 2, 3, 4, 5, 6],
      attention: [1, 2, 3, 4, 5, 6],
      logits: true,
    },
    refused: [],
  });
  expect(model.files.map(({ path, precision }) => [path, precision])).toEqual([
    ['model.safetensors', 'weights'],
    ['onnx/model.onnx', 'fp32'],
  ]);
  expect(model.files.every(({ bytes }) => bytes !== null && bytes > 1e6)).toBe(true);
});

test('of a hub model nothing large is fetched where the graph is not asked for', async () => {
  hub.setFaults([]);
  const model = await describe(await openHubModel('owner/ce@main', hub.url), false);
  expect(model.graph).toBeNull();
  expect(hub.requests.filter(({ origin }) => origin === 'storage')).toEqual([]);
});

test("a dual encoder's own configuration, prompts and special tokens", async () => {
  const model = await describe(embedder('unigram, prompts'));
  expect(model).toMatchObject({
    kind: 'de',
    family: 'xlm-roberta',
    tokenizer: { kind: 'Unigram', single: '<s> A </s>', pair: '<s> A </s> </s> B </s>' },
    prompts: [
      ['query', 'query: '],
      ['document', 'passage: '],
    ],
    graph: { states: [0, 1, 2], logits: false },
  });
  expect(model.reading).toContain('mean over at most 64 tokens; "query: " before queries');
});

test('weights without a graph are described by the graph that is built of them', async () => {
  const model = await describe(reranker('three labels'));
  expect(model.reading).toBe(
    'ranked by log odds of "entailment", label 1 of contradiction, entailment, neutral; sentence-transformers applies Identity',
  );
  expect(model.graph).toMatchObject({
    path: 'model.safetensors',
    why: 'there is no ONNX file',
    logits: true,
  });
});

test('what cannot be had is told beside the rest', async () => {
  const model = await describe(diskModel('test/reference/deberta'));
  expect(model.tokenizer).toBeNull();
  expect(model.graph?.states).toEqual([0, 1, 2, 3]);
  expect(model.refused).toEqual([
    expect.stringContaining('test:test/reference/deberta: has no tokenizer.json'),
  ]);
});

test('as lines, everything is said once', async () => {
  const lines = describedLines(await describe(reranker('modules')));
  expect(lines).toContainEqual(['Kind', 'cross encoder, bert (BertModel)']);
  expect(lines).toContainEqual(['Score', 'ranked by its one logit; sentence-transformers applies Sigmoid']);
  expect(lines).toContainEqual(['Hidden states', '0 to 2']);
  expect(lines).toContainEqual(['Tokeniser', 'WordPiece; [CLS] A [SEP]; [CLS] A [SEP] B [SEP]; pads right']);
});
