import type { EncoderShape, ParameterShape } from '../../../base/bertShape.ts';
import { MessageWriter } from '../onnx/protobuf.ts';
import { graphField, modelField, nodeField, tensorField } from '../onnx/scan.ts';

/** Field numbers and values of onnx.proto3 that reading a model does not need. */
const irVersion = { field: 1, value: 8 } as const;
const producerField = 2;
const opset = { domainField: 1, versionField: 2, value: 17 } as const;
const dataType = { float: 1, int64: 7 } as const;
const attributeType = { float: 1, int: 2, ints: 7 } as const;

type Attribute = { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] };

/** Smallest float32, which transformers adds to the scores of padding. */
const masked = -3.4028234663852886e38;

function attributeMessage(name: string, value: Attribute): MessageWriter {
  const writer = new MessageWriter().string(1, name);
  if ('float' in value) return writer.float(2, value.float).int(20, attributeType.float);
  if ('int' in value) return writer.int(3, value.int).int(20, attributeType.int);
  for (const one of value.ints) writer.int(8, one);
  return writer.int(20, attributeType.ints);
}

function valueMessage(name: string, type: number, dims: readonly (string | number)[]): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of dims) {
    const dimension = new MessageWriter();
    shape.message(1, typeof dim === 'string' ? dimension.string(2, dim) : dimension.int(1, dim));
  }
  const tensor = new MessageWriter().int(1, type).message(2, shape);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}

/** Writes a graph node by node. Tensors are known by name. */
class GraphWriter {
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

  finish(name: string, inputs: readonly MessageWriter[], outputs: readonly MessageWriter[]): MessageWriter {
    const graph = this.#graph.string(graphField.name, name);
    for (const input of inputs) graph.message(graphField.input, input);
    for (const output of outputs) graph.message(graphField.output, output);
    return graph;
  }
}

/** The encoder's operators, named as PyTorch's exporter names those of transformers' BertModel. */
class EncoderWriter {
  readonly #graph = new GraphWriter();
  readonly #shape: EncoderShape;
  readonly #weights: ReadonlyMap<string, { readonly data: Float32Array }>;

  constructor(shape: EncoderShape, weights: ReadonlyMap<string, { readonly data: Float32Array }>) {
    this.#shape = shape;
    this.#weights = weights;
  }

  /** @param labels of the classifier head, null for none */
  write(labels: number | null): Uint8Array<ArrayBuffer> {
    const { layers, hidden } = this.#shape;
    const bias = this.#maskBias();
    let state = this.#embeddings();
    for (let layer = 0; layer < layers; layer++) {
      state = this.#layer(layer, state, bias, layer === layers - 1 ? 'last_hidden_state' : undefined);
    }
    const rows = ['batch_size', 'sequence_length'];
    if (labels !== null) this.#head(state, labels);
    const graph = this.#graph.finish(
      'main_graph',
      ['input_ids', 'attention_mask', 'token_type_ids'].map((name) =>
        valueMessage(name, dataType.int64, rows),
      ),
      [
        labels === null
          ? valueMessage('last_hidden_state', dataType.float, [...rows, hidden])
          : valueMessage('logits', dataType.float, ['batch_size', labels]),
      ],
    );
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

  #data(name: string): Float32Array {
    const found = this.#weights.get(name);
    if (!found) throw new Error(`${name} is missing.`);
    return found.data;
  }

  /** 0 at tokens, the smallest float32 at padding: [batch, 1, 1, tokens]. */
  #maskBias(): string {
    const graph = this.#graph;
    const wide = graph.node('Unsqueeze', '/Unsqueeze', ['attention_mask', graph.ints([1, 2])]);
    const mask = graph.node('Cast', '/Cast', [wide], { to: { int: dataType.float } });
    const padding = graph.node('Sub', '/Sub', [graph.number(1), mask]);
    return graph.node('Mul', '/Mul', [padding, graph.number(masked)]);
  }

  #embeddings(): string {
    const graph = this.#graph;
    const { vocabulary, positions, types, hidden } = this.#shape;
    const stem = '/embeddings';
    const table = (kind: string, rows: number): string => {
      const name = `embeddings.${kind}_embeddings.weight`;
      return graph.weights(name, [rows, hidden], this.#data(name));
    };
    const words = graph.node('Gather', `${stem}/word_embeddings/Gather`, [
      table('word', vocabulary),
      'input_ids',
    ]);
    const kinds = graph.node('Gather', `${stem}/token_type_embeddings/Gather`, [
      table('token_type', types),
      'token_type_ids',
    ]);
    const shape = graph.node('Shape', `${stem}/Shape`, ['input_ids']);
    const tokens = graph.node('Gather', `${stem}/Gather`, [shape, graph.ints([1])]);
    const places = graph.node('Slice', `${stem}/position_embeddings/Slice`, [
      table('position', positions),
      graph.ints([0]),
      tokens,
      graph.ints([0]),
    ]);
    const typed = graph.node('Add', `${stem}/Add`, [words, kinds]);
    const placed = graph.node('Add', `${stem}/Add_1`, [typed, places]);
    return this.#norm('embeddings.LayerNorm', `${stem}/LayerNorm`, placed);
  }

  #layer(layer: number, state: string, bias: string, output?: string): string {
    const graph = this.#graph;
    const { hidden, intermediate } = this.#shape;
    const name = `encoder.layer.${layer}`;
    const path = `/encoder/layer.${layer}`;
    const attended = this.#attention(name, path, state, bias);
    const mixed = this.#linear(`${name}.attention.output.dense`, `${path}/attention/output/dense`, attended, [
      hidden,
      hidden,
    ]);
    const added = graph.node('Add', `${path}/attention/output/Add`, [mixed, state]);
    const middle = this.#norm(
      `${name}.attention.output.LayerNorm`,
      `${path}/attention/output/LayerNorm`,
      added,
    );
    const up = this.#linear(`${name}.intermediate.dense`, `${path}/intermediate/dense`, middle, [
      intermediate,
      hidden,
    ]);
    const active = this.#gelu(`${path}/intermediate/intermediate_act_fn`, up);
    const down = this.#linear(`${name}.output.dense`, `${path}/output/dense`, active, [hidden, intermediate]);
    const sum = graph.node('Add', `${path}/output/Add`, [down, middle]);
    return this.#norm(`${name}.output.LayerNorm`, `${path}/output/LayerNorm`, sum, output);
  }

  /** BertPooler and the classifier of transformers: the first token's state gives the logits. */
  #head(state: string, labels: number): void {
    const graph = this.#graph;
    const { hidden } = this.#shape;
    const first = graph.node('Gather', '/pooler/Gather', [state, graph.ints([0], false)], {
      axis: { int: 1 },
    });
    const dense = this.#linear('pooler.dense', '/pooler/dense', first, [hidden, hidden]);
    const active = graph.node('Tanh', '/pooler/activation/Tanh', [dense]);
    this.#linear('classifier', '/classifier', active, [labels, hidden], 'logits');
  }

  #attention(name: string, path: string, state: string, bias: string): string {
    const graph = this.#graph;
    const { hidden, heads } = this.#shape;
    const size = hidden / heads;
    const self = `${path}/attention/self`;
    const head = (part: string, number: number, perm: readonly number[]): string => {
      const flat = this.#linear(`${name}.attention.self.${part}`, `${self}/${part}`, state, [hidden, hidden]);
      const suffix = number === 0 ? '' : `_${number}`;
      // In a shape 0 keeps the axis.
      const split = graph.node('Reshape', `${self}/Reshape${suffix}`, [
        flat,
        graph.ints([0, 0, heads, size]),
      ]);
      return graph.node('Transpose', `${self}/Transpose${suffix}`, [split], { perm: { ints: perm } });
    };
    const queries = head('query', 0, [0, 2, 1, 3]);
    const keys = head('key', 1, [0, 2, 3, 1]);
    const values = head('value', 2, [0, 2, 1, 3]);
    const products = graph.node('MatMul', `${self}/MatMul`, [queries, keys]);
    const scores = graph.node('Div', `${self}/Div`, [products, graph.number(Math.sqrt(size))]);
    const biased = graph.node('Add', `${self}/Add`, [scores, bias]);
    const shares = graph.node('Softmax', `${self}/Softmax`, [biased], { axis: { int: 3 } });
    const heard = graph.node('MatMul', `${self}/MatMul_1`, [shares, values]);
    const joined = graph.node('Transpose', `${self}/Transpose_3`, [heard], { perm: { ints: [0, 2, 1, 3] } });
    return graph.node('Reshape', `${self}/Reshape_3`, [joined, graph.ints([0, 0, hidden])]);
  }

  /** x W^T + b. The matrix is kept turned, [in, out], as a product takes it. */
  #linear(
    name: string,
    path: string,
    input: string,
    [outs, ins]: readonly [number, number],
    output?: string,
  ): string {
    const graph = this.#graph;
    const data = this.#data(`${name}.weight`);
    const turned = new Float32Array(data.length);
    for (let o = 0; o < outs; o++) for (let i = 0; i < ins; i++) turned[i * outs + o] = data[o * ins + i]!;
    const weight = graph.weights(`${name}.MatMul`, [ins, outs], turned);
    const product = graph.node('MatMul', `${path}/MatMul`, [input, weight]);
    const bias = graph.weights(`${name}.bias`, [outs], this.#data(`${name}.bias`));
    return graph.node('Add', `${path}/Add`, [product, bias], {}, output);
  }

  #norm(name: string, path: string, input: string, output?: string): string {
    const { hidden, epsilon } = this.#shape;
    const weight = this.#graph.weights(`${name}.weight`, [hidden], this.#data(`${name}.weight`));
    const bias = this.#graph.weights(`${name}.bias`, [hidden], this.#data(`${name}.bias`));
    return this.#graph.node(
      'LayerNormalization',
      `${path}/LayerNormalization`,
      [input, weight, bias],
      { axis: { int: 2 }, epsilon: { float: epsilon } },
      output,
    );
  }

  /** x (1 + erf(x / sqrt 2)) / 2, which runtimes fuse where they can. */
  #gelu(path: string, input: string): string {
    const graph = this.#graph;
    const scaled = graph.node('Div', `${path}/Div`, [input, graph.number(Math.SQRT2)]);
    const erf = graph.node('Erf', `${path}/Erf`, [scaled]);
    const raised = graph.node('Add', `${path}/Add`, [erf, graph.number(1)]);
    const product = graph.node('Mul', `${path}/Mul`, [input, raised]);
    return graph.node('Mul', `${path}/Mul_1`, [product, graph.number(0.5)]);
  }
}

/**
 * A BERT encoder as an ONNX model in float32: `input_ids`, `attention_mask` and `token_type_ids`, int64
 * [batch_size, sequence_length], give `last_hidden_state` [batch_size, sequence_length, hidden]. Operators
 * are of the standard set 17, so that any runtime takes it, with names by which the lab's own layer finder
 * finds every layer. A text may have at most as many tokens as there are positions.
 * @param weights every parameter of `parameterShapes(shape)`, and of `headShapes` where there are labels
 * @param labels outputs of a classifier head; its `logits` [batch_size, labels] then stand in place of the states
 */
export function exportOnnx(
  shape: EncoderShape,
  weights: ReadonlyMap<string, { readonly data: Float32Array }>,
  labels: number | null = null,
): Uint8Array<ArrayBuffer> {
  return new EncoderWriter(shape, weights).write(labels);
}

/** Parameters of a BertForSequenceClassification beside its encoder's. */
export function headShapes({ hidden }: EncoderShape, labels: number): ParameterShape[] {
  return [
    { name: 'pooler.dense.weight', shape: [hidden, hidden] },
    { name: 'pooler.dense.bias', shape: [hidden] },
    { name: 'classifier.weight', shape: [labels, hidden] },
    { name: 'classifier.bias', shape: [labels] },
  ];
}
