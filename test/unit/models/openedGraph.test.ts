import { expect, test, vi } from 'vitest';
import { sessionFiles } from '../../../src/lab/models/openedGraph.ts';
import { openLayerSession } from '../../../src/lab/models/session.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { graphBatch, graphModel } from '../../support/graphs.ts';
import { loadRuntime } from '../../support/nodeRuntime.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));
// The first test of the file loads the runtime.
vi.setConfig({ testTimeout: 60_000 });

const options = (files: ModelFiles) =>
  ({
    files,
    kind: 'ce',
    dtype: 'fp32',
    backend: 'wasm',
    adapter: { kind: 'none', description: 'there is none in Node' },
  }) as const;

test('an operator that the runtime has not is named, and so is the file', async () => {
  const files = graphModel('bert');
  const renamed: ModelFiles = {
    ...files,
    bytes: async (path) => {
      // Of the same length, so that the file stays whole.
      const text = Buffer.from(await files.bytes(path)).toString('latin1');
      return new Uint8Array(Buffer.from(text.replaceAll('\x22\x03Erf', '\x22\x03Erg'), 'latin1'));
    },
  };
  await expect(openLayerSession(options(renamed), null)).rejects.toThrow(
    /^test:bert\/onnx\/model\.onnx: uses the operator Erg, which this runtime has not in that form; choose another dtype or export\.$/,
  );
});

test('where a run fails, the model is named', async () => {
  const session = await openLayerSession(options(graphModel('bert')), null);
  const batch = graphBatch('bert');
  const beyond = { ...batch, inputIds: batch.inputIds.map(() => 999n) };
  await expect(session.pooled(beyond)).rejects.toThrow(
    /^test:bert\/onnx\/model\.onnx: cannot be run on 2 texts of 11 tokens: the runtime says ".+"; try another dtype, or fewer tokens by maxLength\.$/,
  );
  await session.dispose();
});

test.each([
  ['a browser', () => loadRuntime('wasm')],
  ['Node', () => import('onnxruntime-node')],
])(
  'a large graph is given without its weights, which lie apart, and gives the same in %s',
  async (_, runtime) => {
    const bytes = await graphModel('bert').bytes('onnx/model.onnx');
    const small = sessionFiles(bytes, [], bytes.length + 1);
    expect(small).toEqual({ graph: bytes, external: [] });
    const large = sessionFiles(bytes, [], bytes.length);
    expect(large.graph.length).toBeLessThan(bytes.length / 2);
    expect(large.external).toEqual([{ path: 'layerlab-weights', data: bytes }]);

    const { InferenceSession, Tensor } = await runtime();
    const { inputIds, attentionMask, tokenTypeIds, rows, tokens } = graphBatch('bert');
    const given = Object.entries({
      input_ids: inputIds,
      attention_mask: attentionMask,
      token_type_ids: tokenTypeIds,
    });
    const feeds = Object.fromEntries(
      given.map(([name, data]) => [name, new Tensor('int64', data, [rows, tokens])]),
    );
    const outputs = [];
    for (const { graph, external } of [small, large]) {
      const session = await InferenceSession.create(graph, { externalData: external });
      outputs.push(Object.values(await session.run(feeds)).map(({ data }) => data));
      await session.release();
    }
    expect(outputs[1]).toEqual(outputs[0]);
  },
);
