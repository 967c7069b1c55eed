import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readExternal } from '../../../src/lab/models/external.ts';
import { chooseModelFile, type ModelDevice } from '../../../src/lab/models/modelFile.ts';
import { scanModel } from '../../../src/lab/models/onnx/scan.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { withExternalData } from '../../support/externalData.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

const laptop: ModelDevice = { backend: 'webgpu', float16: true, most: 1.5e9 };

/** A repository's listing, of the sizes in MB. */
function listing(sizes: Readonly<Record<string, number>>): ModelFiles {
  return {
    source: 'hub:owner/name@c0ffee',
    has: (path) => Promise.resolve(path in sizes),
    size: (path) => Promise.resolve(path in sizes ? (sizes[path] ?? 0) * 1e6 : null),
    text: () => Promise.reject(new Error('Nothing is read.')),
    bytes: () => Promise.reject(new Error('Nothing is read.')),
  };
}

// As the hub lists them.
const embedLarge = { 'onnx/model.onnx': 1340, 'onnx/model_fp16.onnx': 669, 'onnx/model_quantized.onnx': 337 };
const rerankLarge = { 'onnx/model.onnx': 1740, 'onnx/model_quantized.onnx': 643 };
const minilm = {
  'model.safetensors': 133,
  'onnx/model.onnx': 133,
  'onnx/model_O4.onnx': 67,
  'onnx/model_qint8_arm64.onnx': 33,
  'onnx/model_qint8_avx512_vnni.onnx': 33,
  'onnx/model_quint8_avx2.onnx': 33,
};

test.each<[string, Record<string, number>, ModelDevice, string, string | null]>([
  ['fits', embedLarge, laptop, 'onnx/model.onnx', null],
  [
    'float16 where float32 is too large',
    embedLarge,
    { ...laptop, most: 1e9 },
    'onnx/model_fp16.onnx',
    'onnx/model.onnx (1.34 GB) is more than the 1.00 GB that this device is taken to hold',
  ],
  [
    'q8 where the device has no float16',
    embedLarge,
    { ...laptop, most: 1e9, float16: false },
    'onnx/model_quantized.onnx',
    'onnx/model.onnx (1.34 GB) is more than the 1.00 GB that this device is taken to hold, onnx/model_fp16.onnx gains nothing on a device that does not compute in float16',
  ],
  [
    'q8 where there is no float16',
    rerankLarge,
    laptop,
    'onnx/model_quantized.onnx',
    'onnx/model.onnx (1.74 GB) is more than the 1.50 GB that this device is taken to hold',
  ],
  [
    'weights where there is no graph',
    { 'model.safetensors': 90 },
    laptop,
    'model.safetensors',
    'there is no ONNX file',
  ],
  [
    'external weights count',
    { 'onnx/model.onnx': 1, 'onnx/model.onnx_data': 2200, 'onnx/model_fp16.onnx': 1100 },
    laptop,
    'onnx/model_fp16.onnx',
    'onnx/model.onnx (2.20 GB) is more than the 1.50 GB that this device is taken to hold',
  ],
])('unasked, the best that fits is taken: %s', async (_, sizes, device, path, why) => {
  expect(await chooseModelFile(listing(sizes), 'auto', device)).toEqual({
    path,
    why,
    build: path === 'model.safetensors',
  });
});

test('asked for, a precision is taken whatever its size, under any of its names', async () => {
  const small = { ...laptop, most: 1 };
  expect((await chooseModelFile(listing(rerankLarge), 'fp32', small)).path).toBe('onnx/model.onnx');
  expect((await chooseModelFile(listing(minilm), 'q8', small)).path).toBe(
    'onnx/model_qint8_avx512_vnni.onnx',
  );
  await expect(chooseModelFile(listing(rerankLarge), 'fp16', laptop)).rejects.toThrow(
    'has no ONNX file for dtype fp16: looked for onnx/model_fp16.onnx',
  );
});

test.each([
  ['q4', 'onnx/model_q4.onnx'],
  ['q4f16', 'onnx/model_q4f16.onnx'],
  ['bnb4', 'onnx/model_bnb4.onnx'],
  ['fp32', 'onnx/model_O2.onnx'],
  ['fp16', 'onnx/model_O4.onnx'],
  ['auto', 'onnx/model_O2.onnx'],
] as const)('%s of exports of other names is %s', async (dtype, path) => {
  const names = ['model_q4', 'model_q4f16', 'model_bnb4', 'model_O2', 'model_O4'];
  const files = listing(Object.fromEntries(names.map((name) => [`onnx/${name}.onnx`, 10])));
  expect((await chooseModelFile(files, dtype, laptop)).path).toBe(path);
});

test('weights in several files stand in for a graph too', async () => {
  const files = listing({ 'model.safetensors.index.json': 0.01, 'model-00001-of-00002.safetensors': 5000 });
  expect(await chooseModelFile(files, 'auto', laptop)).toEqual({
    path: 'model.safetensors.index.json',
    build: true,
    why: 'there is no ONNX file',
  });
});

test('where nothing fits, all that was passed over is named', async () => {
  await expect(chooseModelFile(listing(rerankLarge), 'auto', { ...laptop, most: 5e8 })).rejects.toThrow(
    'has no file for this device: onnx/model.onnx (1.74 GB) is more than the 500.0 MB that this device is taken to hold, onnx/model_quantized.onnx (643.0 MB)',
  );
});

const reference = new URL('../../reference/cross-encoder/onnx/model.onnx', import.meta.url);
const { graph, data } = withExternalData(new Uint8Array(readFileSync(reference)), 'model.onnx_data');
const model = scanModel(graph, 'model.onnx');

function beside(file: Uint8Array<ArrayBuffer> | null, size: number | null = null): ModelFiles {
  return {
    ...listing({}),
    has: (path) => Promise.resolve(file !== null && path === 'onnx/model.onnx_data'),
    size: () => Promise.resolve(size),
    bytes: () => Promise.resolve(file ?? new Uint8Array()),
  };
}

test('weights beside a graph are found under the name that it has for them', async () => {
  expect(graph.length).toBeLessThan(data.length);
  expect(await readExternal(model, beside(data), 'onnx/model.onnx', {})).toEqual([
    { path: 'model.onnx_data', data },
  ]);
});

test('weights that are missing, or too many for a browser, are said', async () => {
  await expect(readExternal(model, beside(null), 'onnx/model.onnx', {})).rejects.toThrow(
    'onnx/model.onnx: keeps its weights in onnx/model.onnx_data, which is not there',
  );
  await expect(readExternal(model, beside(data, 5e9), 'onnx/model.onnx', {})).rejects.toThrow(
    "is 5.00 GB, more than the 3.50 GB that a browser's runtime can hold; choose a smaller model, or an export in q8.",
  );
});
