import { MessageWriter } from './protobuf.ts';
import { type ByteRange, graphField, modelField, nodeField, type ScannedModel } from './scan.ts';

/** Names of what the patch adds; the prefix keeps them apart from any export's own. */
export const poolWeightsInput = 'layerlab_pool_weights';
export const pooledOutput = 'layerlab_pooled';

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

function floatTensor(name: string, dims: readonly (string | number)[]): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of dims) {
    shape.message(
      1,
      typeof dim === 'string' ? new MessageWriter().string(2, dim) : new MessageWriter().int(1, dim),
    );
  }
  const tensor = new MessageWriter().int(1, elementType.float).message(2, shape);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}

/**
 * What is added to a graph so that one run gives every state pooled:
 * pooled[b, k, :] = sum over t of weights[b, 0, t] * state_k[b, t, :], as one product a layer and one
 * concatenation, so that a single tensor of [batch, layers, hidden] leaves the device. States are cast
 * to float32, which the runtime drops where they are that already.
 */
function poolingGraph(states: readonly string[], hiddenSize: number): MessageWriter {
  const graph = new MessageWriter();
  const pooled = states.map((state, index) => {
    const cast = `layerlab_state_${index}`;
    const out = `layerlab_pooled_${index}`;
    const castNode = node('Cast', cast, [state], cast);
    castNode.message(nodeField.attribute, intAttribute('to', elementType.float));
    graph.message(graphField.node, castNode);
    graph.message(graphField.node, node('MatMul', out, [poolWeightsInput, cast], out));
    return out;
  });
  const concat = node('Concat', pooledOutput, pooled, pooledOutput);
  concat.message(nodeField.attribute, intAttribute('axis', 1));
  graph.message(graphField.node, concat);
  graph.message(graphField.input, floatTensor(poolWeightsInput, ['batch_size', 1, 'sequence_length']));
  graph.message(graphField.output, floatTensor(pooledOutput, ['batch_size', states.length, hiddenSize]));
  return graph;
}

/**
 * The model with pooling added behind its own bytes. A message written twice in a protobuf stream is
 * read as one, its repeated fields joined, so the weights are neither parsed nor encoded again.
 * @param states tensor names, one a layer asked for
 */
export function appendPooling(
  model: ScannedModel,
  states: readonly string[],
  hiddenSize: number,
): Uint8Array<ArrayBuffer> {
  const patch = new MessageWriter().message(modelField.graph, poolingGraph(states, hiddenSize)).finish();
  const out = new Uint8Array(model.bytes.length + patch.length);
  out.set(model.bytes);
  out.set(patch, model.bytes.length);
  return out;
}

/**
 * As {@link appendPooling}, with all that the asked states do not need left out: nodes, weights and the
 * model's own outputs. Kept parts are copied byte by byte.
 */
export function cutWithPooling(
  model: ScannedModel,
  states: readonly string[],
  hiddenSize: number,
): Uint8Array<ArrayBuffer> {
  const producers = new Map<string, number>();
  for (const [index, made] of model.nodes.entries()) {
    for (const output of made.outputs) producers.set(output, index);
  }
  const keptNodes = new Set<number>();
  const read = new Set<string>();
  const waiting = [...states];
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
  graph.raw(poolingGraph(states, hiddenSize).finish());
  const out = new MessageWriter();
  for (const range of model.modelRest) out.raw(model.bytes.subarray(range.start, range.end));
  return out.message(modelField.graph, graph).finish();
}
