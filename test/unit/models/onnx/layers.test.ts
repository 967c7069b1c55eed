import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findHiddenStates } from '../../../../src/lab/models/onnx/layers.ts';
import { cutWithOutputs } from '../../../../src/lab/models/onnx/patch.ts';
import { scanModel } from '../../../../src/lab/models/onnx/scan.ts';
import { encoderNodes, onnxModel } from '../../../support/onnxGraph.ts';

const bundled = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../../../public/models/${name}/onnx/model.onnx`, import.meta.url)));

const query = 'attention/self/query/MatMul';
const norm = 'output/LayerNorm';

test.each([
  ['BERT', { prefix: '/bert/encoder/', query, norm }],
  ['BERT without a model prefix', { prefix: '/encoder/', query, norm }],
  ['BERT, dynamically quantised', { prefix: '/bert/encoder/', query, norm, quantised: true }],
  ['DeBERTa-v2', { prefix: '/deberta/encoder/', query: 'attention/self/query_proj/MatMul', norm }],
  ['MPNet', { prefix: '/encoder/', query: 'attention/attn/q/MatMul', norm }],
  [
    'DistilBERT',
    { prefix: '/distilbert/transformer/', query: 'attention/q_lin/MatMul', norm: 'output_layer_norm' },
  ],
])('%s: each layer reads the state before it, the last one ends in its norm', (_, names) => {
  const model = scanModel(onnxModel(encoderNodes(12, names)), 'model.onnx');
  expect(findHiddenStates(model, 'model.onnx')).toEqual(Array.from({ length: 13 }, (__, k) => `state${k}`));
});

test.each(['mini-ce', 'mini-de'])('%s has its six layers', (name) => {
  const model = scanModel(bundled(name), 'model.onnx');
  const states = findHiddenStates(model, 'model.onnx');
  expect(states).toHaveLength(7);
  expect(new Set(states).size).toBe(7);
});

test('a graph that asks for early layers only has none of the later ones and none of their weights', () => {
  const model = scanModel(bundled('mini-ce'), 'model.onnx');
  const states = findHiddenStates(model, 'model.onnx');
  const cut = scanModel(cutWithOutputs(model, { pooled: states.slice(0, 3), hiddenSize: 128 }), 'cut.onnx');
  const text = cut.nodes.map(({ name }) => name).join('\n');
  expect(text).toContain('layer.1/');
  expect(text).not.toContain('layer.2/');
  expect(text).not.toContain('classifier');
  expect(cut.bytes.length).toBeLessThan(model.bytes.length);
  const named = new Set(cut.nodes.flatMap(({ inputs }) => inputs));
  expect(cut.initializers.filter(({ name }) => !named.has(name))).toEqual([]);
});

test('a graph without such layers is refused with what was looked for', () => {
  const fused = onnxModel([
    { opType: 'Attention', name: 'Attention_0', inputs: ['x'], outputs: ['y'] },
    { opType: 'MatMul', name: 'MatMul_12', inputs: ['y'], outputs: ['z'] },
  ]);
  expect(() => findHiddenStates(scanModel(fused, 'm.onnx'), 'm.onnx')).toThrow(
    /^m\.onnx: has no layers that the lab can read: among its 2 nodes it looked for "\.\.\.\/layer\.K\/attention\/self\/query\/MatMul" .* found none of them; one that is there is "Attention_0"/,
  );
});

test('a layer that is missing, or ends in no norm, is said', () => {
  const nodes = encoderNodes(3, { prefix: '/encoder/', query, norm });
  const gap = nodes.filter(({ name }) => !name.includes('layer.1/'));
  expect(() => findHiddenStates(scanModel(onnxModel(gap), 'm.onnx'), 'm.onnx')).toThrow(
    'layers 0, 2, but none numbered 1',
  );
  const open = nodes.filter(({ name }) => !name.includes('layer.2/output'));
  expect(() => findHiddenStates(scanModel(onnxModel(open), 'm.onnx'), 'm.onnx')).toThrow(
    'no "/encoder/layer.2/output/LayerNorm"',
  );
});

test.each([
  ['nothing', new Uint8Array()],
  ['a page', new TextEncoder().encode('<!doctype html><html></html>')],
  ['half a model', bundled('mini-de').slice(0, 100_000)],
])('%s is no ONNX model, and is refused by name', (_, bytes) => {
  expect(() => scanModel(bytes, 'm.onnx')).toThrow(/^m\.onnx: /);
});
