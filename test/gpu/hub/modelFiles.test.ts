import { beforeAll, describe, expect, test } from 'vitest';
import { type AdapterProbe, probeAdapter } from '../../../src/gpu/adapter.ts';
import { type NamedTensor, readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { openLayerSession, openPlainSession } from '../../../src/lab/models/session.ts';
import type { ModelFiles, TokenBatch } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { withExternalData } from '../../support/externalData.ts';

const base = '/test/reference/cross-encoder/';
const hidden = 48;

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(base + path)).arrayBuffer());
}

let adapter: AdapterProbe;
let expected: Map<string, NamedTensor>;
let external: { readonly graph: Uint8Array<ArrayBuffer>; readonly data: Uint8Array<ArrayBuffer> };
beforeAll(async () => {
  adapter = await probeAdapter(navigator.gpu);
  expected = readSafetensors(await fetchBytes('expected.safetensors'));
  external = withExternalData(await fetchBytes('onnx/model.onnx'), 'model.onnx_data');
});

/** The reference's cross encoder with some of its files. */
function reference(files: Readonly<Record<string, () => Promise<Uint8Array<ArrayBuffer>>>>): ModelFiles {
  const all: typeof files = { 'config.json': () => fetchBytes('config.json'), ...files };
  const bytesOf = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const read = all[path];
    if (!read) throw new Error(`There is no ${path}.`);
    return await read();
  };
  return {
    source: 'test:cross-encoder',
    has: (path) => Promise.resolve(path in all),
    text: async (path) => new TextDecoder().decode(await bytesOf(path)),
    bytes: async (path, { range } = {}) => (await bytesOf(path)).slice(range?.[0], range?.[1]),
  };
}

const kinds: Readonly<Record<string, () => ModelFiles>> = {
  'built from weights': () => reference({ 'model.safetensors': () => fetchBytes('model.safetensors') }),
  'with external data': () =>
    reference({
      'onnx/model.onnx': () => Promise.resolve(external.graph),
      'onnx/model.onnx_data': () => Promise.resolve(external.data),
    }),
};

function tensor(name: string): NamedTensor {
  const found = expected.get(name);
  if (!found) throw new Error(`The reference has no ${name}.`);
  return found;
}

/** The reference's batch, to be pooled over the tokens of both segments. */
function batch(): TokenBatch {
  const [rows, tokens] = tensor('input_ids').shape as [number, number];
  const ids = (name: string): BigInt64Array<ArrayBuffer> => BigInt64Array.from(tensor(name).data, BigInt);
  const special = new Set([2, 3]);
  const taken = tensor('attention_mask').data.map((one, i) =>
    special.has(tensor('input_ids').data[i]!) ? 0 : one,
  );
  const poolWeights = taken.map((one, i) => {
    const from = Math.floor(i / tokens) * tokens;
    return one / taken.subarray(from, from + tokens).reduce((sum, value) => sum + value, 0);
  });
  return {
    rows,
    tokens,
    inputIds: ids('input_ids'),
    attentionMask: ids('attention_mask'),
    tokenTypeIds: ids('token_type_ids'),
    poolWeights: Float32Array.from(poolWeights),
  };
}

describe.each(Object.keys(kinds))('a cross encoder %s', (kind) => {
  const options = () =>
    ({ files: kinds[kind]!(), kind: 'ce', dtype: 'auto', backend: 'wasm', adapter }) as const;

  test.each([[null], [[1]]])('gives layers %j as PyTorch has them', async (layers) => {
    const session = await openLayerSession(options(), layers);
    const pooled = await session.pooled(batch());
    for (const [at, layer] of session.layers.entries()) {
      for (let row = 0; row < batch().rows; row++) {
        const from = (row * session.layers.length + at) * hidden;
        expect(pooled.subarray(from, from + hidden)).toBeAllclose(
          tensor(`pooled.both.${layer}`).data.subarray(row * hidden, (row + 1) * hidden),
          { atol: 1e-4 },
        );
      }
    }
    await session.dispose();
  });

  test('gives the logits of PyTorch', async () => {
    const session = await openPlainSession(options());
    const { logits } = await session.run(batch());
    expect(logits?.data).toBeAllclose(tensor('logits').data, { atol: 1e-4 });
    expect(session.info.sha256).toMatch(/^[0-9a-f]{64}$/);
    await session.dispose();
  });
});

test('weights of another encoder are not built, and that is said', async () => {
  const files = reference({
    'model.safetensors': () => fetchBytes('model.safetensors'),
    'config.json': async () => {
      const config = JSON.parse(new TextDecoder().decode(await fetchBytes('config.json'))) as object;
      return new TextEncoder().encode(JSON.stringify({ ...config, model_type: 'deberta-v2' }));
    },
  });
  await expect(
    openPlainSession({ files, kind: 'ce', dtype: 'auto', backend: 'wasm', adapter }),
  ).rejects.toThrow('has no ONNX file, and of model.safetensors the lab builds only BERT, RoBERTa');
});
