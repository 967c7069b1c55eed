import { beforeAll, describe, expect, test } from 'vitest';
import { type AdapterProbe, probeAdapter } from '../../src/gpu/adapter.ts';
import { type NamedTensor, readSafetensors } from '../../src/lab/formats/safetensors.ts';
import { findLayers } from '../../src/lab/models/onnx/layers.ts';
import { cutWithOutputs } from '../../src/lab/models/onnx/patch.ts';
import { scanModel } from '../../src/lab/models/onnx/scan.ts';
import { openLayerSession, openPlainSession } from '../../src/lab/models/session.ts';
import type { ModelFiles, TokenBatch } from '../../src/lab/models/types.ts';
import { openGraphApart } from '../../workers/graph/openGraphApart.ts';
import '../support/allclose.ts';
import { checkedKernels as ownKernels } from '../support/ownKernels.ts';

const base = '/test/reference/cross-encoder/';

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(base + path)).arrayBuffer());
}

const files: ModelFiles = {
  source: 'test:cross-encoder',
  has: (path) => Promise.resolve(path === 'onnx/model.onnx' || path === 'onnx/model_fp16.onnx'),
  text: async (path) => new TextDecoder().decode(await fetchBytes(path)),
  bytes: fetchBytes,
};

let adapter: AdapterProbe;
let expected: Map<string, NamedTensor>;

function tensor(name: string): NamedTensor {
  const found = expected.get(name);
  if (!found) throw new Error(`The reference has no ${name}; it has ${[...expected.keys()].join(', ')}.`);
  return found;
}

const asInt64 = (name: string): BigInt64Array<ArrayBuffer> => BigInt64Array.from(tensor(name).data, BigInt);

/** The reference's batch with the pooling weights that a token mask gives. */
function batchWith(mask: Float32Array): TokenBatch {
  const [rows, tokens] = tensor('input_ids').shape as [number, number];
  const poolWeights = new Float32Array(rows * tokens);
  for (let r = 0; r < rows; r++) {
    const row = mask.subarray(r * tokens, (r + 1) * tokens);
    const sum = row.reduce((total, one) => total + one, 0);
    for (let t = 0; t < tokens; t++) poolWeights[r * tokens + t] = row[t]! / sum;
  }
  return {
    rows,
    tokens,
    inputIds: asInt64('input_ids'),
    attentionMask: asInt64('attention_mask'),
    tokenTypeIds: asInt64('token_type_ids'),
    poolWeights,
  };
}

/** Layer k of [rows, layers, hidden]. */
function layerOf(pooled: Float32Array, k: number, layers: number, hidden: number): Float32Array {
  const rows = pooled.length / layers / hidden;
  const out = new Float32Array(rows * hidden);
  for (let r = 0; r < rows; r++) {
    const from = (r * layers + k) * hidden;
    out.set(pooled.subarray(from, from + hidden), r * hidden);
  }
  return out;
}

const classifyToken = 2;
const separatorToken = 3;

/** Token masks of the pooled variants, from the ids and types of the reference's batch. */
const variants: Record<string, (id: number, type: number) => boolean> = {
  first: (id, type) => id !== classifyToken && id !== separatorToken && type === 0,
  both: (id) => id !== classifyToken && id !== separatorToken,
  'both+cls': (id) => id !== separatorToken,
};

function maskOf(variant: (id: number, type: number) => boolean): Float32Array {
  const ids = tensor('input_ids').data;
  const types = tensor('token_type_ids').data;
  return tensor('attention_mask').data.map((one, i) => (one === 1 && variant(ids[i]!, types[i]!) ? 1 : 0));
}

/** What runs models: onnxruntime on two backends, and the lab's own kernels. */
const sides = {
  wasm: { backend: 'wasm' },
  webgpu: { backend: 'webgpu' },
  'own kernels': { backend: 'wasm', ownKernels },
} as const;
type Side = keyof typeof sides;

const open = (side: Side, layers: readonly number[] | null = null) =>
  openLayerSession({ files, kind: 'ce', dtype: 'fp32', adapter, ...sides[side] }, layers);

beforeAll(async () => {
  adapter = await probeAdapter(navigator.gpu);
  expected = readSafetensors(await fetchBytes('expected.safetensors'));
});

test('this browser has a WebGPU adapter', () => {
  expect(adapter.kind).not.toBe('none');
});

test('a graph in a worker of its own gives what it gives here, and says what was wrong', async () => {
  const options = { files, kind: 'ce', dtype: 'fp32', backend: 'wasm', adapter } as const;
  const here = await openLayerSession(options, null);
  const apart = await openLayerSession(options, null, openGraphApart);
  const batch = batchWith(maskOf(variants.first!));
  expect(apart.info).toEqual(here.info);
  expect(await apart.pooled(batch)).toEqual(await here.pooled(batch));
  const broken = { ...batch, inputIds: batch.inputIds.map(() => 1_000_000n) };
  await expect(apart.pooled(broken)).rejects.toMatchObject({ name: 'UserError' });
  await here.dispose();
  await apart.dispose();
});

describe.each<Side>(['wasm', 'webgpu', 'own kernels'])('on %s', (side) => {
  test.each(Object.keys(variants))('every layer pooled over %s is as PyTorch has it', async (name) => {
    const session = await open(side);
    const pooled = await session.pooled(batchWith(maskOf(variants[name]!)));
    expect(session.layers).toEqual([0, 1, 2, 3]);
    for (const k of session.layers) {
      expect(layerOf(pooled, k, 4, 48)).toBeAllclose(tensor(`pooled.${name}.${k}`).data, { atol: 1e-4 });
    }
    await session.dispose();
  });

  test('every hidden state is as PyTorch has it, token by token', async () => {
    const session = await open(side);
    const [rows, tokens, size] = tensor('hidden.0').shape as [number, number, number];
    for (let t = 0; t < tokens; t++) {
      const one = new Float32Array(rows * tokens);
      for (let r = 0; r < rows; r++) one[r * tokens + t] = 1;
      const pooled = await session.pooled(batchWith(one));
      for (const k of session.layers) {
        const hidden = layerOf(pooled, k, 4, size);
        for (let r = 0; r < rows; r++) {
          // States of padding are whatever they are; nothing reads them.
          if (tensor('attention_mask').data[r * tokens + t] !== 1) continue;
          const from = (r * tokens + t) * size;
          expect(hidden.subarray(r * size, (r + 1) * size)).toBeAllclose(
            tensor(`hidden.${k}`).data.subarray(from, from + size),
            { atol: 1e-4 },
          );
        }
      }
    }
    await session.dispose();
  });
});

describe.each<Side>(['wasm', 'webgpu', 'own kernels'])('on %s', (side) => {
  test('the plain model gives the reference logits', async () => {
    const session = await openPlainSession({ files, kind: 'ce', dtype: 'fp32', adapter, ...sides[side] });
    const { logits } = await session.run(batchWith(maskOf(variants.both!)));
    expect(logits?.data).toBeAllclose(tensor('logits').data, { atol: 1e-4 });
    await session.dispose();
  });
});

test.each<Side>(['wasm', 'own kernels'])('some layers alone are as PyTorch has them, on %s', async (side) => {
  const session = await open(side, [0, 2]);
  const pooled = await session.pooled(batchWith(maskOf(variants.both!)));
  expect(layerOf(pooled, 0, 2, 48)).toBeAllclose(tensor('pooled.both.0').data, { atol: 1e-4 });
  expect(layerOf(pooled, 1, 2, 48)).toBeAllclose(tensor('pooled.both.2').data, { atol: 1e-4 });
  await session.dispose();
});

test("on the lab's own kernels, only its layers are in memory, and a token that is none is told", async () => {
  const [all, early] = [await open('own kernels'), await open('own kernels', [0, 1])];
  expect(all.info).toMatchObject({ backend: 'wasm', why: 'chosen; by the own encoder', unpadded: true });
  expect(early.info.parameters).toBeLessThan(all.info.parameters);
  const batch = batchWith(maskOf(variants.both!));
  const broken = { ...batch, inputIds: batch.inputIds.map(() => 1_000_000n) };
  await expect(all.pooled(broken)).rejects.toThrow(/is given the token 1000000, but its config.json knows/);
  await all.dispose();
  await early.dispose();
});

test('a graph cut behind an early layer holds no later one', async () => {
  const model = scanModel(await fetchBytes('onnx/model.onnx'), 'model.onnx');
  const states = findLayers(model, 'model.onnx').states;
  const cut = scanModel(cutWithOutputs(model, { pooled: states.slice(0, 3), hiddenSize: 48 }), 'cut.onnx');
  expect(cut.bytes.length).toBeLessThan(model.bytes.length);
  // Layer index 2 is the output of encoder layer 1.
  expect(cut.nodes.filter(({ name }) => name.includes('/layer.2/'))).toEqual([]);
  expect(cut.initializers.length).toBeLessThan(model.initializers.length);
});

// The processor computes it in float16 with float32 sums, or in float32 between casts: states are some units large,
// so that three layers of roundings at 2^-11 of them each stay below this.
const halfTolerance = 0.02;

test('a model in float16, with float16 logits, gives its layers and logits rounded', async () => {
  const options = { files, kind: 'ce', dtype: 'fp16', backend: 'wasm', adapter } as const;
  const batch = batchWith(maskOf(variants.both!));
  const session = await openLayerSession(options, null);
  expect(session.info.file).toBe('onnx/model_fp16.onnx');
  const pooled = await session.pooled(batch);
  for (const k of session.layers) {
    const wanted = tensor(`pooled.both.${k}`).data;
    expect(layerOf(pooled, k, 4, 48)).toBeAllclose(wanted, { atol: halfTolerance });
    expect(layerOf(pooled, k, 4, 48)).not.toEqual(wanted);
  }
  await session.dispose();

  const plain = await openPlainSession(options);
  const { logits } = await plain.run(batch);
  expect(logits?.data).toBeAllclose(tensor('logits').data, { atol: halfTolerance });
  await plain.dispose();
});
