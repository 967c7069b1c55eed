import { UserError } from '../../../base/userError.ts';
import type { ScannedModel, ScannedNode } from './scan.ts';

/**
 * The matrix product by which layer K makes its queries; its input is the state that layer K reads,
 * hidden state K. Only names of encoders that normalise behind each block: where a layer normalises
 * first (ModernBERT), the query reads something else than the hidden state.
 */
const queryName =
  /^(?<stem>(?:.*\/)?(?:layer|layers)\.(?<layer>\d+)\/)attention\/(?:self\/query|self\/query_proj|attn\/q|q_lin)\/(?:MatMul|Gemm)/;

const looked =
  '".../layer.K/attention/self/query/MatMul" (BERT), ".../attention/self/query_proj/MatMul" (DeBERTa), ' +
  '".../attention/attn/q/MatMul" (MPNet) and ".../attention/q_lin/MatMul" (DistilBERT)';

/** The last step of a layer: behind it stands the layer's output. */
const outputNorm = /^(?:output\/LayerNorm|output_layer_norm)\//;

/** Operators that a state may pass on its way to the query product without being another state. */
const passedThrough = new Set([
  'DynamicQuantizeLinear',
  'QuantizeLinear',
  'DequantizeLinear',
  'Reshape',
  'Identity',
]);

/**
 * Finds the tensor that holds each hidden state.
 * @returns L + 1 tensor names: the embedding layer's output, then that of each encoder layer
 * @throws UserError that says what was looked for, when the graph has no such layers (fused exports).
 */
export function findHiddenStates(model: ScannedModel, file: string): string[] {
  const producers = new Map<string, ScannedNode>();
  for (const node of model.nodes) for (const output of node.outputs) producers.set(output, node);

  const found = new Map<number, { stem: string; state: string }>();
  for (const node of model.nodes) {
    const match = queryName.exec(node.name);
    if (!match?.groups) continue;
    const layer = Number(match.groups.layer);
    const read = node.inputs[0];
    // A quantised product is several nodes of one name stem; the first of them reads the state.
    if (read === undefined || found.has(layer)) continue;
    found.set(layer, { stem: match.groups.stem!, state: sourceOf(read, producers) });
  }
  if (found.size === 0) refuse(model, file, 'none of them');
  const states: string[] = [];
  let lastStem = '';
  for (let layer = 0; layer < found.size; layer++) {
    const one = found.get(layer);
    if (!one) refuse(model, file, `layers ${[...found.keys()].join(', ')}, but none numbered ${layer}`);
    states.push(one.state);
    lastStem = one.stem;
  }
  const count = states.length;
  const last = model.nodes.findLast(
    (node) =>
      node.name.startsWith(lastStem) &&
      outputNorm.test(node.name.slice(lastStem.length)) &&
      !passedThrough.has(node.opType) &&
      node.opType !== 'Cast' &&
      node.opType !== 'Constant',
  );
  if (last?.outputs[0] === undefined) {
    throw new UserError(
      `has ${count} layers, but no "${lastStem}output/LayerNorm" behind which the last one's states stand; ` +
        'use an export that is not fused, such as onnx/model.onnx.',
      { file },
    );
  }
  return [...states, last.outputs[0]];
}

function sourceOf(tensor: string, producers: ReadonlyMap<string, ScannedNode>): string {
  let name = tensor;
  for (let node = producers.get(name); node && passedThrough.has(node.opType); node = producers.get(name)) {
    const read = node.inputs[0];
    if (read === undefined) break;
    name = read;
  }
  return name;
}

function refuse(model: ScannedModel, file: string, found: string): never {
  const products = model.nodes.filter((node) => /MatMul|Gemm|Attention/.test(node.opType));
  const example = products.find((node) => node.name !== '')?.name;
  throw new UserError(
    `has no layers that the lab can read: among its ${model.nodes.length} nodes it looked for ${looked} and ` +
      `found ${found}${example === undefined ? '' : `; one that is there is "${example}"`}. ` +
      'Use an export that is not fused, such as onnx/model.onnx.',
    { file },
  );
}
