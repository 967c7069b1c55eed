import { MessageWriter } from './protobuf.ts';
import { graphField, modelField, nodeField, tensorField } from './scan.ts';

/** Field numbers and values of onnx.proto3 that reading a model does not need. */
const irVersion = { field: 1, value: 8 } as const;
const producerField = 2;
const opset = { domainField: 1, versionField: 2, value: 17 } as const;
export const dataType = { float: 1, int64: 7 } as const;
const attributeType = { float: 1, int: 2, ints: 7 } as const;

export type Attribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly ints: readonly number[] };

function attributeMessage(name: string, value: Attribute): MessageWriter {
  const writer = new MessageWriter().string(1, name);
  if ('float' in value) return writer.float(2, value.float).int(20, attributeType.float);
  if ('int' in value) return writer.int(3, value.int).int(20, attributeType.int);
  for (const one of value.ints) writer.int(8, one);
  return writer.int(20, attributeType.ints);
}

/** What a graph takes or gives; an axis with a name is free. */
export function valueMessage(name: string, type: number, dims: readonly (string | number)[]): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const dimension = new MessageWriter();
    shape.message(1, typeof dim === 'string' ? dimension.string(2, dim) : dimension.int(1, dim));
  }
  const tensor = new MessageWriter().int(1, type).message(2, shape);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}

/** Writes a graph node by node. Tensors are known by name. */
export class GraphWriter {
  readonly #graph = new MessageWriter();
  readonly #constants = new Map<string, string>();

  /** @returns the name of its output */
  node(
    opType: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `${name}_output_0`,
  ): string {
    const writer = new MessageWriter();
    for (const input of inputs) writer.string(nodeField.input, input);
    writer.string(nodeField.output, output).string(nodeField.name, name).string(nodeField.opType, opType);
    for (const [key, value] of Object.entries(attributes)) {
      writer.message(nodeField.attribute, attributeMessage(key, value));
    }
    this.#graph.message(graphField.node, writer);
    return output;
  }

  weights(name: string, dims: readonly number[], data: Float32Array): string {
    return this.#tensor(
      name,
      dataType.float,
      dims,
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }

  /** A float constant; equal ones are one. */
  number(value: number): string {
    return this.#constant(
      `number ${value}`,
      dataType.float,
      [],
      new Uint8Array(Float32Array.of(value).buffer),
    );
  }

  /** An int64 constant; a scalar without `list`. */
  ints(values: readonly number[], list = true): string {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(
      `${list ? 'list' : 'index'} ${values.join(' ')}`,
      dataType.int64,
      list ? [values.length] : [],
      data,
    );
  }

  #constant(name: string, type: number, dims: readonly number[], data: Uint8Array): string {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    this.#constants.set(name, name);
    return this.#tensor(name, type, dims, data);
  }

  #tensor(name: string, type: number, dims: readonly number[], data: Uint8Array): string {
    const tensor = new MessageWriter();
    for (const dim of dims) tensor.int(tensorField.dims, dim);
    tensor.int(tensorField.dataType, type).string(tensorField.name, name).bytes(tensorField.rawData, data);
    this.#graph.message(graphField.initializer, tensor);
    return name;
  }

  /** A whole model of the standard operator set 17, so that any runtime takes it. */
  finish(inputs: readonly MessageWriter[], outputs: readonly MessageWriter[]): Uint8Array<ArrayBuffer> {
    const graph = this.#graph.string(graphField.name, 'main_graph');
    for (const input of inputs) graph.message(graphField.input, input);
    for (const output of outputs) graph.message(graphField.output, output);
    return new MessageWriter()
      .int(irVersion.field, irVersion.value)
      .string(producerField, 'layerlab')
      .message(modelField.graph, graph)
      .message(
        modelField.opset,
        new MessageWriter().string(opset.domainField, '').int(opset.versionField, opset.value),
      )
      .finish();
  }
}
