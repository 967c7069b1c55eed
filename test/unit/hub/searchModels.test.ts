import { afterAll, beforeAll, expect, test } from 'vitest';
import { setHubAccess } from '../../../src/lab/hub/access.ts';
import { knownPairs } from '../../../src/lab/hub/knownPairs.ts';
import { searchModels } from '../../../src/lab/hub/searchModels.ts';
import { modelSource } from '../../../src/lab/spec/spec.ts';
import { startHub, type TestHub } from '../../support/hub/server.ts';

let hub: TestHub;
const config = { 'config.json': '{}' };
beforeAll(async () => {
  setHubAccess({ token: null, onNotice: () => {} });
  hub = await startHub({
    models: {
      'a/exported': { ...config, 'onnx/model.onnx': '', 'onnx/model_int8.onnx': '' },
      'a/weights': { ...config, 'model.safetensors': '' },
      'a/sharded': { ...config, 'model.safetensors.index.json': '{}' },
      'a/llama': { ...config, 'model.safetensors': '' },
      'a/pickle': { ...config, 'pytorch_model.bin': '' },
      'a/ranker': { ...config, 'onnx/model.onnx': '' },
      'a/features': { ...config, 'onnx/model.onnx': '' },
    },
    gated: ['a/sharded'],
    listed: {
      'a/exported': {
        task: 'sentence-similarity',
        downloads: 50,
        tags: ['onnx', 'safetensors', 'gte', 'base_model:org/base', 'base_model:quantized:org/base'],
      },
      'a/weights': { task: 'sentence-similarity', downloads: 900, tags: ['safetensors', 'bert'] },
      'a/sharded': { task: 'feature-extraction', downloads: 70, tags: ['safetensors', 'xlm-roberta'] },
      'a/llama': { task: 'feature-extraction', downloads: 9000, tags: ['safetensors', 'llama'] },
      'a/pickle': { task: 'sentence-similarity', downloads: 8000, tags: ['pytorch', 'bert'] },
      'a/ranker': { task: 'text-ranking', downloads: 60, tags: ['onnx', 'bert'] },
      'a/features': { task: 'feature-extraction', downloads: 10, tags: ['onnx', 'bert'] },
    },
  });
});
afterAll(() => hub.close());

const ids = async (search: Parameters<typeof searchModels>[1]): Promise<string[]> =>
  (await searchModels(hub.url, search)).map(({ id }) => id);

test('models that the lab can run are listed, the most downloaded first, each once', async () => {
  expect(await ids({ kind: 'de', text: '' })).toEqual(['a/weights', 'a/sharded', 'a/exported', 'a/features']);
  expect(await ids({ kind: 'ce', text: '' })).toEqual(['a/ranker']);
  expect(await ids({ kind: 'de', text: ' EXPORT ' })).toEqual(['a/exported']);
  expect(await ids({ kind: 'de', text: 'nothing' })).toEqual([]);
  expect(await ids({ kind: 'de', text: '', most: 2 })).toEqual(['a/weights', 'a/sharded']);
});

test('files, base models and terms are told', async () => {
  const found = await searchModels(hub.url, { kind: 'de', text: '' });
  expect(found.find(({ id }) => id === 'a/exported')).toEqual({
    id: 'a/exported',
    downloads: 50,
    graphs: ['onnx/model.onnx', 'onnx/model_int8.onnx'],
    bases: ['org/base'],
    gated: false,
  });
  expect(found.find(({ id }) => id === 'a/sharded')).toMatchObject({ graphs: [], gated: true });
});

test('known pairs are sources of the hub, no two alike', () => {
  for (const { ce, de } of knownPairs) {
    expect(modelSource.safeParse(`hub:${ce}`).success && modelSource.safeParse(`hub:${de}`).success).toBe(
      true,
    );
  }
  expect(new Set(knownPairs.map(({ ce }) => ce)).size).toBe(knownPairs.length);
});
