import { MessageWriter } from './protobuf.ts';
import { type ByteRange, graphField, modelField, nodeField, type ScannedModel } from './scan.ts';

/** Names of what the patch adds; the prefix keeps them apart from any export's own. */
export const poolWeightsInput = 'layerlab_pool_weights';
export const pooledOutput = 'layerlab_pooled';

/** The states of the layer that is the index-th of those asked for. */
export function stateOutput(index: number): string {
  return `layerlab_state_${index}`;
}

/** The attention probabilities of the layer that is the index-th of those asked for. */
export function attentionOutput(index: number): string {
  return `layerlab_attention_${index}`;
}

const elementType = { float: 1 } as const;
const attributeType = { int: 2 } as const;

function node(opType: string, name: string, inputs: readonly string[], output: string): MessageWriter {
  const writer = new MessageWriter();
  for (const input of inputs) writer.string(nodeField.input, input);
  return writer
    .string(nodeField.output, output)
    .string(nodeField.name, name)
    .string(nodeField.opType, opType);
}

function intAttribute(name: string, value: number): MessageWriter {
  return new MessageWriter().string(1, name).int(3, value).int(20, attributeType.int);
}

/** @param dims null where the graph shall not say */
function floatTensor(name: string, dims: readonly (string | number)[] | null): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of dims ?? []) {
    shape.message(
      1,
      typeof dim === 'string' ? new MessageWriter().string(2, dim) : new MessageWriter().int(1, dim),
    );
  }
  const tensor = new MessageWriter().int(1, elementType.float);
  if (dims) tensor.message(2, shape);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}

/** What is added to a graph: tensors of it by name, one a layer. */
export interface Additions {
  /** States that are pooled. */
  readonly pooled: readonly string[];
  /** Whether these states leave the device token by token too, as {@link stateOutput}. */
  readonly tokens?: boolean;
  /** Attention probabilities, which leave the device as {@link attentionOutput}. */
  readonly attention?: readonly string[];
  readonly hiddenSize: number;
}

/** A cast to float32, which the runtime drops where the tensor is that already. */
function castNode(input: string, output: string): MessageWriter {
  return node('Cast', output, [input], output).message(
    nodeField.attribute,
    intAttribute('to', elementType.float),
  );
}

/**
 * What is added to a graph so that one run gives every state pooled:
 * pooled[b, k, :] = sum over t of weights[b, 0, t] * state_k[b, t, :], as one product a layer and one
 * concatenation, so that a single tensor of [batch, layers, hidden] leaves the device.
 */
function addedGraph({ pooled, tokens = false, attention = [], hiddenSize }: Additions): MessageWriter {
  const graph = new MessageWriter();
  const products = pooled.map((state, index) => {
    const cast = stateOutput(index);
    const out = `layerlab_pooled_${index}`;
    graph.message(graphField.node, castNode(state, cast));
    graph.message(graphField.node, node('MatMul', out, [poolWeightsInput, cast], out));
    return out;
  });
  const concat = node('Concat', pooledOutput, products, pooledOutput);
  concat.message(nodeField.attribute, intAttribute('axis', 1));
  graph.message(graphField.node, concat);
  for (const [index, probabilities] of attention.entries()) {
    graph.message(graphField.node, castNode(probabilities, attentionOutput(index)));
  }
  const rows = ['batch_size', 'sequence_length'];
  graph.message(graphField.input, floatTensor(poolWeightsInput, ['batch_size', 1, 'sequence_length']));
  graph.message(graphField.output, floatTensor(pooledOutput, ['batch_size', pooled.length, hiddenSize]));
  if (tokens) {
    for (const index of pooled.keys()) {
      graph.message(graphField.output, floatTensor(stateOutput(index), [...rows, hiddenSize]));
    }
  }
  for (const index of attention.keys()) {
    graph.message(graphField.output, floatTensor(attentionOutput(index), null));
  }
  return graph;
}

/**
 * The model with its additions behind its own bytes. A message written twice in a protobuf stream is
 * read as one, its repeated fields joined, so the weights are neither parsed nor encoded again.
 */
export function appendOutputs(model: ScannedModel, additions: Additions): Uint8Array<ArrayBuffer> {
  const patch = new MessageWriter().message(modelField.graph, addedGraph(additions)).finish();
  const out = new Uint8Array(model.bytes.length + patch.length);
  out.set(model.bytes);
  out.set(patch, model.bytes.length);
  return out;
}

/**
 * As {@link appendOutputs}, with all that they do not need left out: nodes, weights and the
 * model's own outputs. Kept parts are copied byte by byte.
 */
export function cutWithOutputs(model: ScannedModel, additions: Additions): Uint8Array<ArrayBuffer> {
  const producers = new Map<string, number>();
  for (const [index, made] of model.nodes.entries()) {
    for (const output of made.outputs) producers.set(output, index);
  }
  const keptNodes = new Set<number>();
  const read = new Set<string>();
  const waiting = [...additions.pooled, ...(additions.attention ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (read.has(name)) continue;
    read.add(name);
    const index = producers.get(name);
    if (index === undefined || keptNodes.has(index)) continue;
    keptNodes.add(index);
    const made = model.nodes[index]!;
    waiting.push(...made.inputs, ...made.captured);
  }

  const kept: ByteRange[] = [
    ...model.nodes.filter((_, index) => keptNodes.has(index)),
    ...model.initializers.filter(({ name }) => read.has(name)),
    ...model.inputs.filter(({ name }) => read.has(name)),
    ...model.graphRest,
  ];
  const graph = new MessageWriter();
  for (const range of kept) graph.raw(model.bytes.subarray(range.start, range.end));
  graph.raw(addedGraph(additions).finish());
  const out = new MessageWriter();
  for (const range of model.modelRest) out.raw(model.bytes.subarray(range.start, range.end));
  return out.message(modelField.graph, graph).finish();
}
