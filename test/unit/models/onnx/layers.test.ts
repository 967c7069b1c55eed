import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findLayers } from '../../../../src/lab/models/onnx/layers.ts';
import { cutWithOutputs } from '../../../../src/lab/models/onnx/patch.ts';
import { type ScannedModel, scanModel } from '../../../../src/lab/models/onnx/scan.ts';
import { type MadeNode, onnxModel } from '../../../support/onnxGraph.ts';

const bytesOf = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../../../${path}`, import.meta.url)));

const bundled = (name: string): Uint8Array<ArrayBuffer> => bytesOf(`public/models/${name}/onnx/model.onnx`);

const graph = (name: string): ScannedModel =>
  scanModel(bytesOf(`test/reference/graphs/${name}.onnx`), `${name}.onnx`);

// PyTorch's exporter by TorchScript names tensors by the modules that make them, so that these names tell what they are.
const bertNames = [
  'embeddings/LayerNorm',
  'encoder/layer.0/output/LayerNorm',
  'encoder/layer.1/output/LayerNorm',
];
const named = (names: readonly string[]): string[] =>
  names.map((name) => `/${name}/LayerNormalization_output_0`);

test.each([
  ['bert', named(bertNames.map((name) => `bert/${name}`))],
  ['bert-int8', named(bertNames.map((name) => `bert/${name}`))],
  ['bert-uint8', named(bertNames.map((name) => `bert/${name}`))],
  ['bert-q4', named(bertNames.map((name) => `bert/${name}`))],
  ['bert-bnb4', named(bertNames.map((name) => `bert/${name}`))],
  ['bert-qdq', named(bertNames.map((name) => `bert/${name}`))],
  ['roberta', named(bertNames.map((name) => `roberta/${name}`))],
  [
    'electra',
    [
      '/electra/embeddings_project/Add_output_0',
      ...named(bertNames.slice(1).map((name) => `electra/${name}`)),
    ],
  ],
  [
    'modernbert',
    [
      '/model/embeddings/norm/LayerNormalization_output_0',
      '/model/layers.0/Add_1_output_0',
      '/model/layers.1/Add_1_output_0',
      '/model/final_norm/LayerNormalization_output_0',
    ],
  ],
])('%s: the states are the outputs of the modules that make them', (name, expected) => {
  expect(findLayers(graph(name), name).states).toEqual(expected);
});

test('the attention probabilities are the softmax of each layer', () => {
  expect(findLayers(graph('bert'), 'bert').attention).toEqual([
    '/bert/encoder/layer.0/attention/self/Softmax_output_0',
    '/bert/encoder/layer.1/attention/self/Softmax_output_0',
  ]);
});

test.each(['mini-ce', 'mini-de'])('%s has its six layers', (name) => {
  const { states, attention } = findLayers(scanModel(bundled(name), 'model.onnx'), 'model.onnx');
  expect(new Set(states).size).toBe(7);
  expect(new Set(attention).size).toBe(6);
});

test('nodes may stand in any order', () => {
  const { bytes, nodes, ...rest } = scanModel(bundled('mini-ce'), 'model.onnx');
  const turned = { ...rest, bytes, nodes: nodes.toReversed() };
  expect(findLayers(turned, 'm.onnx')).toEqual(findLayers(scanModel(bytes, 'm.onnx'), 'm.onnx'));
});

test('a graph that asks for early layers only has none of the later ones and none of their weights', () => {
  const model = scanModel(bundled('mini-ce'), 'model.onnx');
  const { states } = findLayers(model, 'model.onnx');
  const cut = scanModel(cutWithOutputs(model, { pooled: states.slice(0, 3), hiddenSize: 128 }), 'cut.onnx');
  const text = cut.nodes.map(({ name }) => name).join('\n');
  expect(text).toContain('layer.1/');
  expect(text).not.toContain('layer.2/');
  expect(text).not.toContain('classifier');
  expect(cut.bytes.length).toBeLessThan(model.bytes.length);
  const read = new Set(cut.nodes.flatMap(({ inputs }) => inputs));
  expect(cut.initializers.filter(({ name }) => !read.has(name))).toEqual([]);
});

const node = (opType: string, inputs: string[], output: string): MadeNode => ({
  opType,
  name: output,
  inputs,
  outputs: [output],
});

/** A graph whose input is `ids`, embedded as `x`. */
const made = (nodes: readonly MadeNode[]): ScannedModel =>
  scanModel(onnxModel([node('Gather', ['w', 'ids'], 'x'), ...nodes], ['ids']), 'm.onnx');

test('a graph without attention is refused with what was looked for', () => {
  const model = made([node('MatMul', ['x', 'w'], 'y'), node('Tanh', ['y'], 'z')]);
  expect(() => findLayers(model, 'm.onnx')).toThrow(
    /^m\.onnx: has no layers that the lab can read: of its 3 nodes none is an attention/,
  );
});

test('a softmax over labels is no layer', () => {
  const model = made([node('MatMul', ['x', 'w'], 'y'), node('Softmax', ['y'], 'z')]);
  expect(() => findLayers(model, 'm.onnx')).toThrow('none of its attentions (Softmax) is followed by a sum');
});

const layer = (read: string, n: number): MadeNode[] => [
  node('Attention', [read, 'w'], `heard${n}`),
  node('MatMul', [`heard${n}`, 'w'], `mixed${n}`),
  node('Add', [`mixed${n}`, read], `middle${n}`),
  node('MatMul', [`middle${n}`, 'w'], `down${n}`),
  node('Add', [`down${n}`, `middle${n}`], `state${n}`),
];

test('layers without norms are found too; the last state is then the last sum', () => {
  const model = made([...layer('x', 1), ...layer('state1', 2)]);
  expect(findLayers(model, 'm.onnx')).toEqual({ states: ['x', 'state1', 'state2'], attention: [null, null] });
});

test('a last layer that ends with its attention, and two stacks side by side, are refused', () => {
  const cut = made([...layer('x', 1), ...layer('state1', 2).slice(0, 3)]);
  expect(() => findLayers(cut, 'm.onnx')).toThrow('no block behind it whose output is added to what it read');
  const beside = made([...layer('x', 1), ...layer('x', 2)]);
  expect(() => findLayers(beside, 'm.onnx')).toThrow('has 2 attentions, but not one behind the other');
});

test.each([
  ['nothing', new Uint8Array()],
  ['a page', new TextEncoder().encode('<!doctype html><html></html>')],
  ['half a model', bundled('mini-de').slice(0, 100_000)],
])('%s is no ONNX model, and is refused by name', (_, bytes) => {
  expect(() => scanModel(bytes, 'm.onnx')).toThrow(/^m\.onnx: /);
});
