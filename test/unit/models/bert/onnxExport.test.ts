import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parameterShapes } from '../../../../src/base/bertShape.ts';
import { readSafetensors } from '../../../../src/lab/formats/safetensors.ts';
import { exportOnnx } from '../../../../src/lab/models/bert/onnxExport.ts';
import { readOnnxWeights } from '../../../../src/lab/models/bert/onnxWeights.ts';
import { findLayers } from '../../../../src/lab/models/onnx/layers.ts';
import { scanModel } from '../../../../src/lab/models/onnx/scan.ts';
import { readTensor } from '../../../../src/lab/models/onnx/tensor.ts';
import { referenceShape } from '../../../support/trainingReference.ts';

// What the graph computes is checked in the browser, in test/gpu/training/onnxExport.test.ts.

const shape = referenceShape;
const path = new URL('../../../reference/training/model.safetensors', import.meta.url);
const weights = readSafetensors(new Uint8Array(readFileSync(path)));
const model = scanModel(exportOnnx(shape, weights), 'model.onnx');

test('it has the inputs and the output that transformers.js expects', () => {
  expect(model.inputs.map(({ name }) => name)).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
  expect(model.outputs.map(({ name }) => name)).toEqual(['last_hidden_state']);
  expect(model.opset).toBe(17);
});

test('the layer finder finds the embedding layer and every encoder layer', () => {
  expect(findLayers(model, 'model.onnx').states).toEqual([
    '/embeddings/LayerNorm/LayerNormalization_output_0',
    '/encoder/layer.0/output/LayerNorm/LayerNormalization_output_0',
    'last_hidden_state',
  ]);
});

test('every tensor is made before it is read, once', () => {
  const known = new Set([...model.inputs, ...model.initializers].map(({ name }) => name));
  expect(known.size).toBe(model.inputs.length + model.initializers.length);
  const names = model.nodes.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { inputs, outputs } of model.nodes) {
    for (const input of inputs) expect(known).toContain(input);
    for (const output of outputs) {
      expect(known).not.toContain(output);
      known.add(output);
    }
  }
});

test('its initialisers give the weights back', async () => {
  const wanted = parameterShapes(shape);
  const found = await readOnnxWeights(model, wanted, 'model.onnx', (at) =>
    Promise.resolve(readTensor(model.bytes, at, 'model.onnx')),
  );
  for (const { name, shape: size } of wanted) {
    expect(found.get(name)?.shape, name).toEqual(size);
    expect(found.get(name)?.data, name).toEqual(weights.get(name)!.data);
  }
});

test('a parameter that is missing is named', () => {
  const lacking = new Map(weights);
  lacking.delete('encoder.layer.1.output.dense.bias');
  expect(() => exportOnnx(shape, lacking)).toThrow('encoder.layer.1.output.dense.bias');
});
