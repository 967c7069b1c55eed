import { beforeAll, expect, test } from 'vitest';
import { probeAdapter } from '../../../src/gpu/adapter.ts';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import type { NamedValues } from '../../../src/gpu/training/parameters.ts';
import { Trainer } from '../../../src/gpu/training/trainer.ts';
import { type NamedTensor, readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { exportOnnx } from '../../../src/lab/models/bert/onnxExport.ts';
import { openLayerSession } from '../../../src/lab/models/session.ts';
import type { Backend, LayerSession, ModelFiles, TokenBatch } from '../../../src/lab/models/types.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { referenceShape } from '../../support/trainingReference.ts';

const base = '/test/reference/training/';

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(base + file)).arrayBuffer());
}

const shape = referenceShape;

let weights: Map<string, NamedTensor>;
let batches: Map<string, NamedTensor>;
let expected: Map<string, NamedTensor>;

beforeAll(async () => {
  weights = readSafetensors(await bytesOf('model.safetensors'));
  batches = readSafetensors(await bytesOf('batches.safetensors'));
  expected = readSafetensors(await bytesOf('expected.safetensors'));
});

const parts = ['query', 'positive', 'negative'];

async function open(backend: Backend, trained: NamedValues): Promise<LayerSession> {
  const onnx = exportOnnx(shape, trained);
  const files: ModelFiles = {
    source: 'test:exported',
    has: (path) => Promise.resolve(path === 'onnx/model.onnx'),
    text: async (path) => new TextDecoder().decode(await bytesOf(path)),
    bytes: () => Promise.resolve(onnx),
  };
  const adapter = await probeAdapter(navigator.gpu);
  return await openLayerSession({ files, kind: 'de', dtype: 'fp32', backend, adapter }, [2]);
}

/** One part of the first reference batch, to be pooled over all unpadded tokens. */
function batchOf(part: string): TokenBatch {
  const ids = batches.get(`step0.${part}.input_ids`)!;
  const mask = batches.get(`step0.${part}.attention_mask`)!.data;
  const [rows, tokens] = ids.shape as [number, number];
  const poolWeights = mask.map((one, i) => {
    const from = Math.floor(i / tokens) * tokens;
    return one / mask.subarray(from, from + tokens).reduce((sum, value) => sum + value, 0);
  });
  return {
    rows,
    tokens,
    inputIds: BigInt64Array.from(ids.data, BigInt),
    attentionMask: BigInt64Array.from(mask, BigInt),
    tokenTypeIds: new BigInt64Array(rows * tokens),
    poolWeights,
  };
}

/** Its texts without padding, as the trainer takes them. */
function rowsOf(part: string): Int32Array[] {
  const { rows, tokens, inputIds, attentionMask } = batchOf(part);
  return Array.from({ length: rows }, (_, r) =>
    Int32Array.from(
      [...inputIds.subarray(r * tokens, (r + 1) * tokens)]
        .filter((__, t) => attentionMask[r * tokens + t] === 1n)
        .map(Number),
    ),
  );
}

test.each<Backend>(['wasm', 'webgpu'])(
  'loaded on %s, an exported encoder embeds as PyTorch does',
  async (backend) => {
    const session = await open(backend, weights);
    for (const part of parts) {
      const right = expected.get(`step0.${part}.pooled`)!.data;
      expect(await session.pooled(batchOf(part))).toBeAllclose(right, { atol: 1e-5 });
    }
    await session.dispose();
  },
);

test('an encoder that was trained here embeds as it did in the trainer', async () => {
  const gpu = await testSession();
  const trainer = new Trainer(gpu, {
    shape,
    weights,
    configuration: defaultLaunchConfiguration(true),
    optimiser: { weightDecay: 0.01, maxGradNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    scale: 20,
    dropout: 0.1,
    seed: 1,
    miniBatchSize: 8,
  });
  const batch = { queries: rowsOf('query'), documents: [...rowsOf('positive'), ...rowsOf('negative')] };
  for (let step = 0; step < 5; step++) trainer.step(batch, 1e-3, step);
  const trained = await trainer.weights();
  const session = await open('wasm', trained);
  for (const part of parts) {
    const vectors = await trainer.embed(rowsOf(part));
    expect(await session.pooled(batchOf(part))).toBeAllclose(vectors, { atol: 1e-5 });
    expect(vectors).not.toBeAllclose(expected.get(`step0.${part}.pooled`)!.data, { atol: 1e-3 });
  }
  await session.dispose();
  trainer.destroy();
  gpu.dispose();
});
