import { expect, test } from 'vitest';
import { nodeRuntime } from '../../../bin/node/nodeRuntime.ts';
import { setRuntimeHost } from '../../../src/lab/models/runtime.ts';
import { openLayerSession, openPlainSession } from '../../../src/lab/models/session.ts';
import { diskModel } from '../../support/modelFiles.ts';
import { referenceTensors, storedBatch, tensorOf } from '../../support/reference.ts';
import '../../support/allclose.ts';

setRuntimeHost(await nodeRuntime());

const expected = referenceTensors('cross-encoder/expected.safetensors');
const options = {
  files: diskModel('test/reference/cross-encoder'),
  kind: 'ce',
  dtype: 'fp32',
  backend: 'auto',
  adapter: { kind: 'none', description: 'no adapter' },
} as const;

test('the hidden states of every layer are as PyTorch has them, to 1e-5', async () => {
  const session = await openLayerSession(options, null);
  expect(session.info.backend).toBe('cpu');
  const [rows, tokens, size] = tensorOf(expected, 'hidden.0').shape as [number, number, number];
  const batch = storedBatch(
    expected,
    Array.from({ length: rows }, (_, row) => row),
  );
  const mask = tensorOf(expected, 'attention_mask').data;
  for (let token = 0; token < tokens; token++) {
    const poolWeights = new Float32Array(rows * tokens);
    for (let row = 0; row < rows; row++) poolWeights[row * tokens + token] = 1;
    const pooled = await session.pooled({ ...batch, poolWeights });
    for (let row = 0; row < rows; row++) {
      // States of padding are whatever they are; nothing reads them.
      if (mask[row * tokens + token] !== 1) continue;
      for (const layer of session.layers) {
        const at = (row * session.layers.length + layer) * size;
        const from = (row * tokens + token) * size;
        expect(pooled.subarray(at, at + size)).toBeAllclose(
          tensorOf(expected, `hidden.${layer}`).data.subarray(from, from + size),
          { atol: 1e-5 },
        );
      }
    }
  }
  await session.dispose();
});

test('the logits of a cross encoder are as PyTorch has them, to 1e-5', async () => {
  const session = await openPlainSession(options);
  const { data, shape } = tensorOf(expected, 'logits');
  const outputs = await session.run(
    storedBatch(
      expected,
      Array.from({ length: shape[0]! }, (_, row) => row),
    ),
  );
  expect(outputs.logits!.data).toBeAllclose(data, { atol: 1e-5 });
  await session.dispose();
});
