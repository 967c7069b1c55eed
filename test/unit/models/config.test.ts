import { expect, test } from 'vitest';
import { readModelConfig } from '../../../src/lab/models/config.ts';
import { chooseModelFile } from '../../../src/lab/models/modelFile.ts';
import { diskModel, madeModel } from '../../support/modelFiles.ts';

test('a cross encoder is known by its head', async () => {
  expect(await readModelConfig(diskModel('public/models/mini-ce'))).toMatchObject({
    architecture: 'BertForSequenceClassification',
    layers: 6,
    hiddenSize: 128,
    labels: 1,
  });
  expect(await readModelConfig(diskModel('public/models/mini-de'))).toMatchObject({
    layers: 6,
    labels: null,
  });
});

test('families with other names and offset positions', async () => {
  const distil = JSON.stringify({ model_type: 'distilbert', n_layers: 6, dim: 768 });
  expect(await readModelConfig(madeModel({ 'config.json': distil }))).toMatchObject({
    layers: 6,
    hiddenSize: 768,
  });
  const roberta = JSON.stringify({
    model_type: 'roberta',
    num_hidden_layers: 12,
    hidden_size: 768,
    max_position_embeddings: 514,
    pad_token_id: 1,
  });
  expect(await readModelConfig(madeModel({ 'config.json': roberta }))).toMatchObject({ maxTokens: 512 });
});

test('a padding token that config.json does not name is that of the family', async () => {
  for (const [model_type, pad] of [
    ['bert', 0],
    ['xlm-roberta', 1],
    ['modernbert', 50283],
  ]) {
    const text = JSON.stringify({
      model_type,
      num_hidden_layers: 1,
      hidden_size: 8,
      max_position_embeddings: 34,
    });
    const config = await readModelConfig(madeModel({ 'config.json': text }));
    expect(config.padTokenId).toBe(pad);
    expect(config.maxTokens).toBe(model_type === 'xlm-roberta' ? 32 : 34);
  }
});

test('labels have the names of config.json, and the activation of either time', async () => {
  const base = {
    num_hidden_layers: 1,
    hidden_size: 8,
    architectures: ['BertForSequenceClassification'],
    id2label: { 0: 'no', 1: 'yes' },
  };
  const read = (more: object) =>
    readModelConfig(madeModel({ 'config.json': JSON.stringify({ ...base, ...more }) }));
  expect(await read({})).toMatchObject({ labels: 2, labelNames: ['no', 'yes'], activation: null });
  expect(await read({ sbert_ce_default_activation_function: 'a.B' })).toMatchObject({ activation: 'a.B' });
  expect(await read({ sentence_transformers: { activation_fn: 'c.D' } })).toMatchObject({
    activation: 'c.D',
  });
});

test.each([
  ['{', 'test:made/config.json: is not JSON'],
  ['{"hidden_size": 3}', 'field "num_hidden_layers": is missing'],
  ['{"num_hidden_layers": 3}', 'field "hidden_size": is missing'],
  ['{"num_hidden_layers": "3"}', 'field "num_hidden_layers"'],
])('%s is refused', async (text, words) => {
  await expect(readModelConfig(madeModel({ 'config.json': text }))).rejects.toThrow(words);
});

test('the ONNX file is the one of the precision, float32 first', async () => {
  const files = madeModel({ 'onnx/model_fp16.onnx': '', 'onnx/model_quantized.onnx': '', 'model.onnx': '' });
  const device = { backend: 'wasm', float16: false, most: 1e9 } as const;
  const chosen = async (dtype: 'auto' | 'fp16' | 'q8'): Promise<string> =>
    (await chooseModelFile(files, dtype, device)).path;
  expect(await chosen('auto')).toBe('model.onnx');
  expect(await chosen('fp16')).toBe('onnx/model_fp16.onnx');
  expect(await chosen('q8')).toBe('onnx/model_quantized.onnx');
  await expect(chooseModelFile(madeModel({}), 'q8', device)).rejects.toThrow(
    'test:made: has no ONNX file for dtype q8: looked for onnx/model_quantized.onnx',
  );
});
