import type { Activation, ParameterShape } from '../../../base/bertShape.ts';
import { dataType, valueMessage } from '../onnx/graphWriter.ts';
import { type Linear, Operators, type Parameters } from './operators.ts';

/** Sizes and options of a ModernBERT. */
export interface ModernBertFamily {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly epsilon: number;
  readonly activation: Activation;
  /** Which parts have biases. */
  readonly biases: Readonly<Record<'attention' | 'mlp' | 'norm' | 'head', boolean>>;
  /** By layer: whether it hears only its neighbours, and the base of its rotary positions. */
  readonly layers: readonly { readonly local: boolean; readonly theta: number }[];
  /** How far a local layer hears to either side, in tokens. */
  readonly reach: number;
  readonly headActivation: Activation;
  readonly pooling: 'cls' | 'mean';
}

/** Every parameter, and of the head where it has labels. */
export function modernBertParameters(family: ModernBertFamily, labels: number | null): ParameterShape[] {
  const { hidden, intermediate, vocabulary, biases } = family;
  const linear = (name: string, outs: number, ins: number, bias: boolean): ParameterShape[] => [
    { name: `${name}.weight`, shape: [outs, ins] },
    ...(bias ? [{ name: `${name}.bias`, shape: [outs] }] : []),
  ];
  const norm = (name: string): ParameterShape[] =>
    (biases.norm ? ['weight', 'bias'] : ['weight']).map((part) => ({
      name: `${name}.${part}`,
      shape: [hidden],
    }));
  return [
    { name: 'embeddings.tok_embeddings.weight', shape: [vocabulary, hidden] },
    ...norm('embeddings.norm'),
    ...family.layers.flatMap((_, layer) => [
      // The first layer reads what the embeddings' norm gives.
      ...(layer === 0 ? [] : norm(`layers.${layer}.attn_norm`)),
      ...linear(`layers.${layer}.attn.Wqkv`, 3 * hidden, hidden, biases.attention),
      ...linear(`layers.${layer}.attn.Wo`, hidden, hidden, biases.attention),
      ...norm(`layers.${layer}.mlp_norm`),
      ...linear(`layers.${layer}.mlp.Wi`, 2 * intermediate, hidden, biases.mlp),
      ...linear(`layers.${layer}.mlp.Wo`, hidden, intermediate, biases.mlp),
    ]),
    ...norm('final_norm'),
    ...(labels === null
      ? []
      : [
          ...linear('head.dense', hidden, hidden, biases.head),
          ...norm('head.norm'),
          ...linear('classifier', labels, hidden, true),
        ]),
  ];
}

/** Writes the encoder as an ONNX model in float32. */
export function writeModernBert(
  family: ModernBertFamily,
  parameters: Parameters,
  labels: number | null,
): Uint8Array<ArrayBuffer> {
  return new ModernBertWriter(family, parameters).write(labels);
}

class ModernBertWriter {
  readonly #family: ModernBertFamily;
  readonly #operators: Operators;
  /** Cosines and sines of the rotary positions, [tokens, size], by their base. */
  readonly #rotations = new Map<number, { readonly cos: string; readonly sin: string }>();

  constructor(family: ModernBertFamily, parameters: Parameters) {
    this.#family = family;
    this.#operators = new Operators(parameters);
  }

  write(labels: number | null): Uint8Array<ArrayBuffer> {
    const { vocabulary, hidden } = this.#family;
    const { graph } = this.#operators;
    const range = this.#operators.range('/rotary');
    const everywhere = this.#operators.maskBias();
    const nearby = this.#nearby(range, everywhere);
    const name = 'embeddings.tok_embeddings.weight';
    const table = graph.weights(name, [vocabulary, hidden], this.#operators.data(name));
    const words = graph.node('Gather', '/embeddings/tok_embeddings/Gather', [table, 'input_ids']);
    let state = this.#norm('embeddings.norm', words);
    for (const [layer, { local, theta }] of this.#family.layers.entries()) {
      state = this.#layer(layer, state, local ? nearby : everywhere, this.#rotation(theta, range));
    }
    const last = this.#norm('final_norm', state, 'last_hidden_state');
    if (labels !== null) this.#head(last, labels);
    const rows = ['batch_size', 'sequence_length'];
    return graph.finish(
      ['input_ids', 'attention_mask'].map((input) => valueMessage(input, dataType.int64, rows)),
      [
        labels === null
          ? valueMessage('last_hidden_state', dataType.float, [...rows, hidden])
          : valueMessage('logits', dataType.float, ['batch_size', labels]),
      ],
    );
  }

  #norm(name: string, input: string, output?: string, axis = 2): string {
    const { hidden, epsilon, biases } = this.#family;
    return this.#operators.norm(
      name,
      `/${name.replaceAll('.', '/')}`,
      input,
      { size: hidden, epsilon, axis, beta: biases.norm },
      output,
    );
  }

  /** The mask of a local layer: that of all, and nothing farther than it reaches. [batch, 1, tokens, tokens] */
  #nearby(range: string, everywhere: string): string {
    const { graph } = this.#operators;
    const column = graph.node('Unsqueeze', '/local/Unsqueeze', [range, graph.ints([1])]);
    const row = graph.node('Unsqueeze', '/local/Unsqueeze_1', [range, graph.ints([0])]);
    const distance = graph.node('Abs', '/local/Abs', [graph.node('Sub', '/local/Sub', [column, row])]);
    const far = graph.node('Greater', '/local/Greater', [distance, graph.ints([this.#family.reach], false)]);
    return graph.node('Where', '/local/Where', [far, this.#operators.masked(), everywhere]);
  }

  #rotation(theta: number, range: string): { readonly cos: string; readonly sin: string } {
    const known = this.#rotations.get(theta);
    if (known) return known;
    const { graph } = this.#operators;
    const size = this.#family.hidden / this.#family.heads;
    const path = `/rotary_${this.#rotations.size}`;
    const frequencies = Float32Array.from(
      { length: size },
      (_, i) => theta ** (-(2 * (i % (size / 2))) / size),
    );
    const places = graph.node('Cast', `${path}/Cast`, [range], { to: { int: dataType.float } });
    const column = graph.node('Unsqueeze', `${path}/Unsqueeze`, [places, graph.ints([1])]);
    const angles = graph.node('Mul', `${path}/Mul`, [
      column,
      graph.weights(`${path}/inv_freq`, [size], frequencies),
    ]);
    const made = {
      cos: graph.node('Cos', `${path}/Cos`, [angles]),
      sin: graph.node('Sin', `${path}/Sin`, [angles]),
    };
    this.#rotations.set(theta, made);
    return made;
  }

  /** x cos + (-x2, x1) sin, of [batch, heads, tokens, size]. */
  #rotated(path: string, x: string, { cos, sin }: { readonly cos: string; readonly sin: string }): string {
    const { graph } = this.#operators;
    const size = this.#family.hidden / this.#family.heads;
    const part = (index: number, from: number, to: number): string =>
      graph.node('Slice', `${path}/Slice_${index}`, [
        x,
        graph.ints([from]),
        graph.ints([to]),
        graph.ints([3]),
      ]);
    const turned = graph.node('Neg', `${path}/Neg`, [part(1, size / 2, size)]);
    const swapped = graph.node('Concat', `${path}/Concat`, [turned, part(0, 0, size / 2)], {
      axis: { int: 3 },
    });
    const straight = graph.node('Mul', `${path}/Mul`, [x, cos]);
    return graph.node('Add', `${path}/Add`, [straight, graph.node('Mul', `${path}/Mul_1`, [swapped, sin])]);
  }

  #layer(
    layer: number,
    state: string,
    bias: string,
    rotation: { readonly cos: string; readonly sin: string },
  ): string {
    const operators = this.#operators;
    const { graph } = operators;
    const { hidden, intermediate, activation, biases } = this.#family;
    const name = `layers.${layer}`;
    const path = `/layers.${layer}`;
    const read = layer === 0 ? state : this.#norm(`${name}.attn_norm`, state);
    const packed = operators.linearOf(`${name}.attn.Wqkv`, [3 * hidden, hidden], biases.attention);
    const heads = (part: number, suffix: string): string => {
      const flat = operators.linear(
        `${name}.attn.Wqkv.${part}`,
        `${path}/attn/Wqkv${suffix}`,
        read,
        rowsOf(packed, part, hidden),
      );
      return operators.split(`${path}/attn`, suffix, flat, this.#family, [0, 2, 1, 3]);
    };
    const queries = this.#rotated(`${path}/attn/query`, heads(0, ''), rotation);
    const turned = this.#rotated(`${path}/attn/key`, heads(1, '_1'), rotation);
    const keys = graph.node('Transpose', `${path}/attn/key/Transpose`, [turned], {
      perm: { ints: [0, 1, 3, 2] },
    });
    const heard = operators.attend(`${path}/attn`, [queries, keys, heads(2, '_2')], this.#family, [bias]);
    const mixed = operators.linear(
      `${name}.attn.Wo`,
      `${path}/attn/Wo`,
      heard,
      operators.linearOf(`${name}.attn.Wo`, [hidden, hidden], biases.attention),
    );
    const middle = graph.node('Add', `${path}/Add`, [state, mixed]);

    const normed = this.#norm(`${name}.mlp_norm`, middle);
    const wide = operators.linearOf(`${name}.mlp.Wi`, [2 * intermediate, hidden], biases.mlp);
    const up = operators.linear(`${name}.mlp.Wi.0`, `${path}/mlp/Wi`, normed, rowsOf(wide, 0, intermediate));
    const gate = operators.linear(
      `${name}.mlp.Wi.1`,
      `${path}/mlp/Wi_1`,
      normed,
      rowsOf(wide, 1, intermediate),
    );
    const active = graph.node('Mul', `${path}/mlp/Mul`, [
      operators.activation(activation, `${path}/mlp/act`, up),
      gate,
    ]);
    const down = operators.linear(
      `${name}.mlp.Wo`,
      `${path}/mlp/Wo`,
      active,
      operators.linearOf(`${name}.mlp.Wo`, [hidden, intermediate], biases.mlp),
    );
    return graph.node('Add', `${path}/Add_1`, [middle, down]);
  }

  #head(state: string, labels: number): void {
    const operators = this.#operators;
    const { hidden, headActivation, biases } = this.#family;
    const pooled = this.#pooled(state);
    const dense = operators.linear(
      'head.dense',
      '/head/dense',
      pooled,
      operators.linearOf('head.dense', [hidden, hidden], biases.head),
    );
    const active = operators.activation(headActivation, '/head/act', dense);
    const normed = this.#norm('head.norm', active, undefined, 1);
    operators.linear(
      'classifier',
      '/classifier',
      normed,
      operators.linearOf('classifier', [labels, hidden]),
      'logits',
    );
  }

  /** The first token's state, or the mean over the mask. */
  #pooled(state: string): string {
    const { graph } = this.#operators;
    if (this.#family.pooling === 'cls') {
      return graph.node('Gather', '/pool/Gather', [state, graph.ints([0], false)], { axis: { int: 1 } });
    }
    const wide = graph.node('Unsqueeze', '/pool/Unsqueeze', ['attention_mask', graph.ints([2])]);
    const mask = graph.node('Cast', '/pool/Cast', [wide], { to: { int: dataType.float } });
    const sum = graph.node(
      'ReduceSum',
      '/pool/ReduceSum',
      [graph.node('Mul', '/pool/Mul', [state, mask]), graph.ints([1])],
      {
        keepdims: { int: 0 },
      },
    );
    const count = graph.node('ReduceSum', '/pool/ReduceSum_1', [mask, graph.ints([1])], {
      keepdims: { int: 0 },
    });
    return graph.node('Div', '/pool/Div', [sum, count]);
  }
}

/** Rows of a linear layer that holds several of `outs` outputs each, behind each other. */
function rowsOf({ weight, bias, ins }: Linear, part: number, outs: number): Linear {
  return {
    weight: weight.subarray(part * outs * ins, (part + 1) * outs * ins),
    bias: bias?.subarray(part * outs, (part + 1) * outs) ?? null,
    outs,
    ins,
  };
}
