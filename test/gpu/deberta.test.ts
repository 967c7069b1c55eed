import { beforeAll, expect, test } from 'vitest';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { type NamedTensor, readSafetensors } from '../../src/lab/formats/safetensors.ts';
import { openLayerSession, openPlainSession } from '../../src/lab/models/session.ts';
import type { Backend, ModelFiles, TokenBatch } from '../../src/lab/models/types.ts';
import '../support/allclose.ts';

const base = '/test/reference/deberta/';
const hidden = 32;

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(base + path)).arrayBuffer());
}

const files: ModelFiles = {
  source: 'test:deberta',
  has: (path) => Promise.resolve(path === 'onnx/model.onnx'),
  text: async (path) => new TextDecoder().decode(await fetchBytes(path)),
  bytes: fetchBytes,
};

let adapter: AdapterProbe;
let expected: Map<string, NamedTensor>;
beforeAll(async () => {
  adapter = await probeAdapter(navigator.gpu);
  expected = readSafetensors(await fetchBytes('expected.safetensors'));
});

function tensor(name: string): NamedTensor {
  const found = expected.get(name);
  if (!found) throw new Error(`The reference has no ${name}; it has ${[...expected.keys()].join(', ')}.`);
  return found;
}

function batch(): TokenBatch {
  const [rows, tokens] = tensor('input_ids').shape as [number, number];
  const ids = (name: string): BigInt64Array<ArrayBuffer> => BigInt64Array.from(tensor(name).data, BigInt);
  return {
    rows,
    tokens,
    inputIds: ids('input_ids'),
    attentionMask: ids('attention_mask'),
    tokenTypeIds: ids('token_type_ids'),
    poolWeights: Float32Array.from(tensor('pool_weights').data),
  };
}

const options = (backend: Backend) => ({ files, kind: 'ce', dtype: 'fp32', backend, adapter }) as const;

test.each<[Backend, readonly number[] | null]>([
  ['wasm', null],
  ['wasm', [0, 2]],
  ['webgpu', null],
])('on %s layers %j of a DeBERTa-v2 are pooled as PyTorch pools them', async (backend, layers) => {
  const session = await openLayerSession(options(backend), layers);
  expect(session.info).toMatchObject({
    architecture: 'DebertaV2ForSequenceClassification',
    layers: 3,
    labels: 1,
  });
  expect(session.layers).toEqual(layers ?? [0, 1, 2, 3]);
  const pooled = await session.pooled(batch());
  const { rows } = batch();
  for (const [at, layer] of session.layers.entries()) {
    const of = (row: number): number => (row * session.layers.length + at) * hidden;
    for (let row = 0; row < rows; row++) {
      expect(pooled.subarray(of(row), of(row) + hidden)).toBeAllclose(
        tensor(`pooled.${layer}`).data.subarray(row * hidden, (row + 1) * hidden),
        { atol: 1e-4 },
      );
    }
  }
  await session.dispose();
});

test('a DeBERTa-v2 gives the logits of PyTorch', async () => {
  const session = await openPlainSession(options('wasm'));
  const { logits } = await session.run(batch());
  expect(logits?.data).toBeAllclose(tensor('logits').data, { atol: 1e-4 });
  await session.dispose();
});
