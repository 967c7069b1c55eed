import { UserError } from '../../../base/userError.ts';
import { Graph } from './graph.ts';
import { normalised } from './norm.ts';
import type { ScannedModel } from './scan.ts';

/** Where an encoder's layers are in its graph. */
export interface EncoderLayers {
  /** L + 1 tensor names: the embedding layer's output, then that of each encoder layer. */
  readonly states: readonly string[];
  /** L tensor names: each layer's attention probabilities, null where a fused operator keeps them. */
  readonly attention: readonly (string | null)[];
}

/** Operators that are a whole attention. */
const fusedAttention = new Set([
  'Attention',
  'GroupQueryAttention',
  'MultiHeadAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'QAttention',
]);
/** Operators that add a block's output to what the block read. */
const fusedSums = new Set(['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization']);
/** Operators that multiply with a matrix of weights. */
const products = /^(?:.*MatMul.*|.*Gemm.*|Conv|ConvInteger|QLinearConv)$/;

interface Residual {
  /** The node that adds. */
  readonly sum: number;
  /** The state that goes past the block. */
  readonly skipped: string;
}

/**
 * Finds an encoder's layers by what every transformer has, whatever its exporter calls it: each layer has an
 * attention, whose output is added to the state that the layer reads, and a block of matrix products, whose
 * output is added again. Where layers normalise behind each block (BERT), the state that is added is the
 * normalised one; where they normalise before it (ModernBERT), it is the running sum. Either way what goes
 * past layer k's attention is hidden state k - 1. The last state stands behind the last sum and, where there
 * is one, the norm that reads it, as `hidden_states` of transformers has it.
 * @throws UserError that says what is missing
 */
export function findLayers(model: ScannedModel, file: string): EncoderLayers {
  const graph = new Graph(model);
  const found: { readonly anchors: number[]; readonly residual: Residual }[] = [];
  for (const [index, { opType, outputs }] of graph.nodes.entries()) {
    if (!(opType === 'Softmax' || fusedAttention.has(opType)) || graph.maker(outputs[0]!) !== index) continue;
    const residual = residualOf(graph, index);
    const same = found.find((layer) => layer.residual.sum === residual?.sum);
    if (same) same.anchors.push(index);
    else if (residual) found.push({ anchors: [index], residual });
  }
  if (found.length === 0) refuse(model, file);
  for (const [index, { residual }] of found.entries()) {
    const next = found[index + 1];
    if (next && !graph.ancestors(next.residual.sum).has(residual.sum)) {
      throw new UserError(
        `has ${found.length} attentions, but not one behind the other (number ${index + 2} does not read what ` +
          `number ${index + 1} gives); the lab reads encoders of one stack.`,
        { file },
      );
    }
  }
  return {
    states: [
      ...found.map(({ residual }) => residual.skipped),
      lastState(graph, found.at(-1)!.residual, file),
    ],
    attention: found.map(({ anchors }) => {
      const [only] = anchors;
      const node = anchors.length === 1 ? graph.nodes[only!]! : undefined;
      return node?.opType === 'Softmax' ? node.outputs[0]! : null;
    }),
  };
}

/** The two tensors that a node adds, null for a node that does not add two computed ones. */
function addends(graph: Graph, index: number): readonly [string, string] | null {
  const { opType, inputs } = graph.nodes[index]!;
  const [left, right] = inputs;
  if (!(opType === 'Add' || opType === 'Sum' || fusedSums.has(opType))) return null;
  if (left === undefined || right === undefined) return null;
  return graph.computed(left) && graph.computed(right) ? [left, right] : null;
}

/** The first sum behind an attention of what it gives and of something that it was made of. */
function residualOf(graph: Graph, attention: number): Residual | null {
  const behind = graph.descendants(attention);
  const given = new Set(behind.flatMap((index) => graph.nodes[index]!.outputs));
  const before = graph.ancestors(attention);
  for (const index of behind) {
    const pair = addends(graph, index);
    const skipped = pair?.find((name) => !given.has(name));
    if (skipped === undefined || pair?.every((name) => !given.has(name))) continue;
    const same = graph.sameNumbers(skipped);
    // A state that was cast for the sum alone is no ancestor, but what it was cast from is.
    const read = same.some((name) => {
      const maker = graph.maker(name);
      return maker !== undefined && before.has(maker);
    });
    if (read) return { sum: index, skipped: same.at(-1)! };
  }
  return null;
}

function lastState(graph: Graph, { sum }: Residual, file: string): string {
  for (const index of graph.descendants(sum)) {
    const pair = index === sum ? null : addends(graph, index);
    if (!pair) continue;
    const [left, right] = pair;
    if (!multipliedBetween(graph, sum, left, right) && !multipliedBetween(graph, sum, right, left)) continue;
    const { opType, outputs } = graph.nodes[index]!;
    if (fusedSums.has(opType)) return outputs[0]!;
    return normalised(graph, outputs[0]!) ?? outputs[0]!;
  }
  throw new UserError(
    'has an attention in its last layer, but no block behind it whose output is added to what it read; ' +
      'use an export of the whole encoder.',
    { file },
  );
}

/** Whether `to` is made of `from`, both behind the node `start`, by way of a product with weights. */
function multipliedBetween(graph: Graph, start: number, from: string, to: string): boolean {
  const first = graph.sameNumbers(from).map((name) => graph.maker(name));
  const target = graph.maker(to);
  const source = first.find((maker) => maker !== undefined && maker >= start);
  if (source === undefined || target === undefined) return false;
  const before = graph.ancestors(target);
  const origin = first.find((maker) => maker !== undefined && before.has(maker));
  if (origin === undefined || origin < start) return false;
  return graph
    .descendants(origin)
    .some((index) => index !== origin && before.has(index) && products.test(graph.nodes[index]!.opType));
}

function refuse(model: ScannedModel, file: string): never {
  const kinds = new Set(model.nodes.map(({ opType }) => opType));
  const attention = [...kinds].filter((kind) => kind === 'Softmax' || fusedAttention.has(kind));
  const what =
    attention.length === 0
      ? 'none is an attention (Softmax, Attention, MultiHeadAttention)'
      : `none of its attentions (${attention.join(', ')}) is followed by a sum with what it read`;
  throw new UserError(
    `has no layers that the lab can read: of its ${model.nodes.length} nodes ${what}. Use an export of a transformer encoder, such as onnx/model.onnx.`,
    { file },
  );
}
