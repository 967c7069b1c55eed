import type { Activation } from '../../../base/bertShape.ts';
import { dataType, GraphWriter } from '../onnx/graphWriter.ts';

/** Smallest float32, which transformers adds to the scores of padding. */
const masked = -3.4028234663852886e38;

/** Parameters by name, without a model prefix. */
export type Parameters = ReadonlyMap<string, { readonly data: Float32Array }>;

/** How an attention's states are cut into heads. */
export interface Heads {
  readonly hidden: number;
  readonly heads: number;
}

/** A matrix of a linear layer, [outs, ins], with its bias or without. */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array | null;
  readonly outs: number;
  readonly ins: number;
}

export interface Norm {
  readonly size: number;
  readonly epsilon: number;
  readonly axis?: number;
  readonly beta?: boolean;
}

/**
 * What encoders are made of, written node by node. Nodes are named as PyTorch's exporter names those of
 * transformers' models: a path of modules, and the operator.
 */
export class Operators {
  readonly graph = new GraphWriter();
  readonly #parameters: Parameters;

  constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  data(name: string): Float32Array {
    const found = this.#parameters.get(name);
    if (!found) throw new Error(`${name} is missing.`);
    return found.data;
  }

  /** Of the parameters NAME.weight and, with a bias, NAME.bias. */
  linearOf(name: string, [outs, ins]: readonly [number, number], bias = true): Linear {
    return { weight: this.data(`${name}.weight`), bias: bias ? this.data(`${name}.bias`) : null, outs, ins };
  }

  /** x W^T + b. The matrix is kept turned, [in, out], as a product takes it. */
  linear(
    name: string,
    path: string,
    input: string,
    { weight, bias, outs, ins }: Linear,
    output?: string,
  ): string {
    const turned = new Float32Array(weight.length);
    for (let o = 0; o < outs; o++) for (let i = 0; i < ins; i++) turned[i * outs + o] = weight[o * ins + i]!;
    const matrix = this.graph.weights(`${name}.MatMul`, [ins, outs], turned);
    const product = this.graph.node(
      'MatMul',
      `${path}/MatMul`,
      [input, matrix],
      {},
      bias ? undefined : output,
    );
    if (!bias) return product;
    return this.graph.node(
      'Add',
      `${path}/Add`,
      [product, this.graph.weights(`${name}.bias`, [outs], bias)],
      {},
      output,
    );
  }

  /** LayerNorm of the last axis, which is number `axis`, with beta or without. */
  norm(
    name: string,
    path: string,
    input: string,
    { size, epsilon, axis = 2, beta = true }: Norm,
    output?: string,
  ): string {
    const vector = (part: string): string =>
      this.graph.weights(`${name}.${part}`, [size], this.data(`${name}.${part}`));
    return this.graph.node(
      'LayerNormalization',
      `${path}/LayerNormalization`,
      [input, vector('weight'), ...(beta ? [vector('bias')] : [])],
      { axis: { int: axis }, epsilon: { float: epsilon } },
      output,
    );
  }

  activation(kind: Activation, path: string, input: string): string {
    switch (kind) {
      case 'gelu':
        return this.#gelu(path, input);
      case 'gelu_new':
      case 'gelu_pytorch_tanh':
        return this.#tanhGelu(path, input);
      case 'relu':
        return this.graph.node('Relu', `${path}/Relu`, [input]);
      case 'tanh':
        return this.graph.node('Tanh', `${path}/Tanh`, [input]);
      case 'silu': {
        const gate = this.graph.node('Sigmoid', `${path}/Sigmoid`, [input]);
        return this.graph.node('Mul', `${path}/Mul`, [input, gate]);
      }
    }
  }

  /** x (1 + erf(x / sqrt 2)) / 2, which runtimes fuse where they can. */
  #gelu(path: string, input: string): string {
    const { graph } = this;
    const scaled = graph.node('Div', `${path}/Div`, [input, graph.number(Math.SQRT2)]);
    const erf = graph.node('Erf', `${path}/Erf`, [scaled]);
    const raised = graph.node('Add', `${path}/Add`, [erf, graph.number(1)]);
    const product = graph.node('Mul', `${path}/Mul`, [input, raised]);
    return graph.node('Mul', `${path}/Mul_1`, [product, graph.number(0.5)]);
  }

  /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 */
  #tanhGelu(path: string, input: string): string {
    const { graph } = this;
    const cube = graph.node('Pow', `${path}/Pow`, [input, graph.number(3)]);
    const small = graph.node('Mul', `${path}/Mul`, [cube, graph.number(0.044715)]);
    const inner = graph.node('Add', `${path}/Add`, [input, small]);
    const scaled = graph.node('Mul', `${path}/Mul_1`, [inner, graph.number(Math.sqrt(2 / Math.PI))]);
    const raised = graph.node('Add', `${path}/Add_1`, [
      graph.node('Tanh', `${path}/Tanh`, [scaled]),
      graph.number(1),
    ]);
    const product = graph.node('Mul', `${path}/Mul_2`, [input, raised]);
    return graph.node('Mul', `${path}/Mul_3`, [product, graph.number(0.5)]);
  }

  /** 0 at tokens, the smallest float32 at padding: [batch, 1, 1, tokens]. */
  maskBias(): string {
    const { graph } = this;
    const wide = graph.node('Unsqueeze', '/Unsqueeze', ['attention_mask', graph.ints([1, 2])]);
    const mask = graph.node('Cast', '/Cast', [wide], { to: { int: dataType.float } });
    const padding = graph.node('Sub', '/Sub', [graph.number(1), mask]);
    return graph.node('Mul', '/Mul', [padding, this.masked()]);
  }

  masked(): string {
    return this.graph.number(masked);
  }

  /** The number of tokens of the batch, as a list of one. */
  tokens(path: string): string {
    const shape = this.graph.node('Shape', `${path}/Shape`, ['input_ids']);
    return this.graph.node('Gather', `${path}/Gather`, [shape, this.graph.ints([1])]);
  }

  /** 0, 1, …, tokens - 1 in int64. */
  range(path: string): string {
    const { graph } = this;
    const end = graph.node('Squeeze', `${path}/Squeeze`, [this.tokens(path), graph.ints([0])]);
    return graph.node('Range', `${path}/Range`, [graph.ints([0], false), end, graph.ints([1], false)]);
  }

  /** [batch, tokens, hidden] as [batch, heads, tokens, size], or [batch, heads, size, tokens] by another order of axes. */
  split(
    path: string,
    suffix: string,
    flat: string,
    { hidden, heads }: Heads,
    perm: readonly number[],
  ): string {
    const { graph } = this;
    // In a shape 0 keeps the axis.
    const sizes = graph.ints([0, 0, heads, hidden / heads]);
    const cut = graph.node('Reshape', `${path}/Reshape${suffix}`, [flat, sizes]);
    return graph.node('Transpose', `${path}/Transpose${suffix}`, [cut], { perm: { ints: perm } });
  }

  /** softmax(Q K / sqrt(size) + biases) V, joined to [batch, tokens, hidden] again. `keys` are [batch, heads, size, tokens]. */
  attend(
    path: string,
    [queries, keys, values]: readonly [string, string, string],
    { hidden, heads }: Heads,
    biases: readonly string[],
  ): string {
    const { graph } = this;
    const products = graph.node('MatMul', `${path}/MatMul`, [queries, keys]);
    let scores = graph.node('Div', `${path}/Div`, [products, graph.number(Math.sqrt(hidden / heads))]);
    for (const [index, bias] of biases.entries()) {
      scores = graph.node('Add', `${path}/Add${index === 0 ? '' : `_${index}`}`, [scores, bias]);
    }
    const shares = graph.node('Softmax', `${path}/Softmax`, [scores], { axis: { int: 3 } });
    const heard = graph.node('MatMul', `${path}/MatMul_1`, [shares, values]);
    const joined = graph.node('Transpose', `${path}/Transpose_3`, [heard], { perm: { ints: [0, 2, 1, 3] } });
    return graph.node('Reshape', `${path}/Reshape_3`, [joined, graph.ints([0, 0, hidden])]);
  }
}
