import { MessageWriter } from '../../src/lab/models/onnx/protobuf.ts';
import { graphField, modelField, nodeField } from '../../src/lab/models/onnx/scan.ts';

export interface MadeNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The bytes of an ONNX model that has inputs, without types, and nodes, and nothing else. */
export function onnxModel(nodes: readonly MadeNode[], inputs: readonly string[]): Uint8Array<ArrayBuffer> {
  const graph = new MessageWriter();
  for (const { opType, name, inputs: read, outputs } of nodes) {
    const writer = new MessageWriter();
    for (const input of read) writer.string(nodeField.input, input);
    for (const output of outputs) writer.string(nodeField.output, output);
    graph.message(graphField.node, writer.string(nodeField.name, name).string(nodeField.opType, opType));
  }
  for (const name of inputs) graph.message(graphField.input, new MessageWriter().string(1, name));
  return new MessageWriter().message(modelField.graph, graph).finish();
}
