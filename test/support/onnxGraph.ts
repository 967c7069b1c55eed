import { MessageWriter } from '../../src/lab/models/onnx/protobuf.ts';
import { graphField, modelField, nodeField } from '../../src/lab/models/onnx/scan.ts';

export interface MadeNode {
  readonly opType: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The bytes of an ONNX model that has nodes and nothing else. */
export function onnxModel(nodes: readonly MadeNode[]): Uint8Array<ArrayBuffer> {
  const graph = new MessageWriter();
  for (const { opType, name, inputs, outputs } of nodes) {
    const writer = new MessageWriter();
    for (const input of inputs) writer.string(nodeField.input, input);
    for (const output of outputs) writer.string(nodeField.output, output);
    graph.message(graphField.node, writer.string(nodeField.name, name).string(nodeField.opType, opType));
  }
  return new MessageWriter().message(modelField.graph, graph).finish();
}

export interface LayerNames {
  /** What stands before `layer.K/`. */
  readonly prefix: string;
  /** The query product's name below the layer. */
  readonly query: string;
  /** The output norm's name below the layer. */
  readonly norm: string;
  readonly quantised?: boolean;
}

/** The nodes that matter of an encoder: per layer the query product and the output norm. */
export function encoderNodes(layers: number, { prefix, query, norm, quantised }: LayerNames): MadeNode[] {
  const nodes: MadeNode[] = [
    { opType: 'LayerNormalization', name: '/embeddings/LayerNorm', inputs: ['e'], outputs: ['state0'] },
  ];
  for (let layer = 0; layer < layers; layer++) {
    const stem = `${prefix}layer.${layer}/`;
    let read = `state${layer}`;
    if (quantised) {
      nodes.push({
        opType: 'DynamicQuantizeLinear',
        name: `${read}_QuantizeLinear`,
        inputs: [read],
        outputs: [`${read}_quantized`, `${read}_scale`],
      });
      read = `${read}_quantized`;
    }
    nodes.push(
      {
        opType: quantised ? 'MatMulInteger' : 'MatMul',
        name: `${stem}${query}${quantised ? '_quant' : ''}`,
        inputs: [read, 'w'],
        outputs: [`q${layer}`],
      },
      {
        opType: 'Add',
        name: `${stem}${norm}/Add_1`,
        inputs: [`q${layer}`],
        outputs: [`state${layer + 1}`],
      },
    );
  }
  return nodes;
}
