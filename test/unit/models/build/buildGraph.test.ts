import { expect, test, vi } from 'vitest';
import { openInspectSession } from '../../../../src/lab/models/inspectSession.ts';
import { openPlainSession } from '../../../../src/lab/models/session.ts';
import type { ModelFiles } from '../../../../src/lab/models/types.ts';
import '../../../support/allclose.ts';
import { graphTensors, layerOf, unpadded } from '../../../support/graphs.ts';
import { diskModel } from '../../../support/modelFiles.ts';
import { referenceTensors, storedBatch, tensorOf } from '../../../support/reference.ts';

vi.mock('../../../../src/lab/models/runtime.ts', () => import('../../../support/nodeRuntime.ts'));
// The first test of the file loads the runtime.
vi.setConfig({ testTimeout: 60_000 });

const options = (files: ModelFiles) =>
  ({
    files,
    kind: 'ce',
    dtype: 'auto',
    backend: 'wasm',
    adapter: { kind: 'none', description: 'there is none in Node' },
  }) as const;

test.each([
  ['bert', 'model.safetensors in float16', graphTensors('bert'), 0.02],
  ['roberta', 'three files of safetensors', graphTensors('roberta'), 1e-4],
  [
    'xlm-roberta',
    'model.safetensors in bfloat16',
    referenceTensors('weights/xlm-roberta/expected.safetensors'),
    1e-4,
  ],
  ['electra', 'model.safetensors', graphTensors('electra'), 1e-4],
  ['mpnet', 'model.safetensors', graphTensors('mpnet'), 1e-4],
  ['modernbert', 'model.safetensors', graphTensors('modernbert'), 1e-4],
])('%s is built of %s, and gives what PyTorch gives', async (family, _, tensors, atol) => {
  const session = await openInspectSession(options(diskModel(`test/reference/weights/${family}`)));
  const batch = storedBatch(tensors, [0, 1]);
  const { states, attention, logits } = await session.inspect(batch);
  const count = session.layers.length;
  await session.dispose();
  expect(session.info.why).toContain('since there is no ONNX file');
  for (const layer of session.layers) {
    expect(unpadded(layerOf(states, layer, count, batch), batch)).toBeAllclose(
      unpadded(tensorOf(tensors, `states.${layer}`).data, batch),
      { atol },
    );
  }
  // The first row has no padding.
  const row = 4 * batch.tokens ** 2;
  for (const [index, shares] of attention.entries()) {
    const expected = tensorOf(tensors, `attention.${index + 1}`).data;
    expect(shares.subarray(0, row)).toBeAllclose(expected.subarray(0, row), { atol });
  }
  expect(attention).toHaveLength(count - 1);
  const expected = tensors.get('logits');
  if (expected) expect(logits).toBeAllclose(expected.data, { atol });
  else expect(logits).toBeNull();
});

/** The files of a folder with some replaced. */
function changed(family: string, texts: Readonly<Record<string, string>>): ModelFiles {
  const files = diskModel(`test/reference/weights/${family}`);
  return {
    ...files,
    source: 'test:changed',
    has: async (path) => path in texts || (await files.has(path)),
    text: async (path) => texts[path] ?? (await files.text(path)),
  };
}

const configOf = async (family: string, fields: object): Promise<Record<string, string>> => {
  const config = JSON.parse(
    await diskModel(`test/reference/weights/${family}`).text('config.json'),
  ) as object;
  return { 'config.json': JSON.stringify({ ...config, ...fields }) };
};

test('a classifier that pools by the mean is built so', async () => {
  const batch = storedBatch(graphTensors('modernbert'), [0, 1]);
  const logitsOf = async (pooling: string): Promise<Float32Array> => {
    const files = changed('modernbert', await configOf('modernbert', { classifier_pooling: pooling }));
    const session = await openPlainSession(options(files));
    const { logits } = await session.run(batch);
    await session.dispose();
    return logits!.data;
  };
  expect(await logitsOf('cls')).toBeAllclose(tensorOf(graphTensors('modernbert'), 'logits').data, {
    atol: 1e-4,
  });
  expect(await logitsOf('mean')).not.toBeAllclose(tensorOf(graphTensors('modernbert'), 'logits').data, {
    atol: 1e-2,
  });
});

test.each([
  [
    { model_type: 'deberta-v2' },
    'test:changed: has no ONNX file, and of model.safetensors the lab builds only BERT, RoBERTa',
  ],
  [{ hidden_act: 'mish' }, 'field "hidden_act": does not fit'],
  [{ position_embedding_type: 'relative_key' }, 'field "position_embedding_type": does not fit'],
  [{ num_attention_heads: 3 }, 'field "num_attention_heads": is 3, which does not divide hidden_size 32'],
  [{ intermediate_size: 64 }, 'has the shape [48, 32] where config.json says [64, 32]'],
])('%j is refused', async (fields, sentence) => {
  const files = changed('electra', await configOf('electra', fields));
  await expect(openPlainSession(options(files))).rejects.toThrow(sentence);
});

test.each([
  ['{', 'model.safetensors.index.json: is not JSON'],
  ['{"metadata": {}}', 'model.safetensors.index.json: has no "weight_map" that names files'],
])('the index %s is refused', async (text, sentence) => {
  const files = changed('roberta', { 'model.safetensors.index.json': text });
  await expect(openPlainSession(options(files))).rejects.toThrow(sentence);
});
