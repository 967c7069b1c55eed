import { expect, test } from 'vitest';
import { probeAdapter } from '../../../src/gpu/adapter.ts';
import { readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { openLayerSession } from '../../../src/lab/models/session.ts';
import type { Backend, ModelFiles, TokenBatch } from '../../../src/lab/models/types.ts';
import { exportOnnx } from '../../../src/lab/training/onnxExport.ts';
import '../../support/allclose.ts';

const base = '/test/reference/training/';

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(base + file)).arrayBuffer());
}

const shape = {
  vocabulary: 203,
  hidden: 48,
  layers: 2,
  heads: 4,
  intermediate: 96,
  positions: 32,
  types: 2,
  epsilon: 1e-12,
};

test.each<Backend>(['wasm', 'webgpu'])(
  'loaded on %s, an exported encoder embeds as PyTorch does',
  async (backend) => {
    const onnx = exportOnnx(shape, readSafetensors(await bytesOf('model.safetensors')));
    const files: ModelFiles = {
      source: 'test:exported',
      has: (path) => Promise.resolve(path === 'onnx/model.onnx'),
      text: async (path) => new TextDecoder().decode(await bytesOf(path)),
      bytes: () => Promise.resolve(onnx),
    };
    const session = await openLayerSession(
      { files, kind: 'de', dtype: 'fp32', backend, adapter: await probeAdapter(navigator.gpu) },
      [2],
    );
    const batches = readSafetensors(await bytesOf('batches.safetensors'));
    const expected = readSafetensors(await bytesOf('expected.safetensors'));
    for (const part of ['query', 'positive', 'negative']) {
      const ids = batches.get(`step0.${part}.input_ids`)!;
      const mask = batches.get(`step0.${part}.attention_mask`)!.data;
      const [rows, tokens] = ids.shape as [number, number];
      const poolWeights = mask.map((one, i) => {
        const from = Math.floor(i / tokens) * tokens;
        return one / mask.subarray(from, from + tokens).reduce((sum, value) => sum + value, 0);
      });
      const batch: TokenBatch = {
        rows,
        tokens,
        inputIds: BigInt64Array.from(ids.data, BigInt),
        attentionMask: BigInt64Array.from(mask, BigInt),
        tokenTypeIds: new BigInt64Array(rows * tokens),
        poolWeights,
      };
      const right = expected.get(`step0.${part}.pooled`)!.data;
      expect(await session.pooled(batch)).toBeAllclose(right, { atol: 1e-5 });
    }
    await session.dispose();
  },
);
