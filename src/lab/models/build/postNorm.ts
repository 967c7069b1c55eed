import {
  type EncoderShape,
  embeddingWidth,
  isProjected,
  type ParameterShape,
} from '../../../base/bertShape.ts';
import { dataType, valueMessage } from '../onnx/graphWriter.ts';
import { Operators, type Parameters } from './operators.ts';
import { relativeBuckets } from './relativeBuckets.ts';

/**
 * An encoder that normalises behind each block, BERT, and what differs in its relatives. Kinds of tokens are an input
 * where there are several; where not, all are of kind 0, or the family knows none.
 */
export interface PostNormFamily {
  readonly shape: EncoderShape;
  /** Buckets of relative positions, whose biases all layers share (MPNet). */
  readonly relativeBuckets: number | null;
  /** Names of the attention's parts within a layer. */
  readonly attention: Readonly<Record<'query' | 'key' | 'value' | 'output' | 'norm', string>>;
  /** `pooler`: BertPooler and a classifier; else the activation between `classifier.dense` and `classifier.out_proj`. */
  readonly head: 'pooler' | 'tanh' | 'gelu';
}

const bertAttention: PostNormFamily['attention'] = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  output: 'attention.output.dense',
  norm: 'attention.output.LayerNorm',
};

export const mpnetAttention: PostNormFamily['attention'] = {
  query: 'attention.attn.q',
  key: 'attention.attn.k',
  value: 'attention.attn.v',
  output: 'attention.attn.o',
  norm: 'attention.LayerNorm',
};

export function bertFamily(shape: EncoderShape): PostNormFamily {
  return {
    shape,
    relativeBuckets: null,
    attention: bertAttention,
    head: 'pooler',
  };
}

const relativeTable = 'encoder.relative_attention_bias.weight';

function linearShapes(name: string, outs: number, ins: number): ParameterShape[] {
  return [
    { name: `${name}.weight`, shape: [outs, ins] },
    { name: `${name}.bias`, shape: [outs] },
  ];
}

function normShapes(name: string, size: number): ParameterShape[] {
  return ['weight', 'bias'].map((part) => ({ name: `${name}.${part}`, shape: [size] }));
}

/** Every parameter of an encoder, and of its head where it has labels. */
export function postNormParameters(family: PostNormFamily, labels: number | null): ParameterShape[] {
  const { shape, attention } = family;
  const embedding = embeddingWidth(shape);
  const { hidden, intermediate, heads } = shape;
  const tables = { word: shape.vocabulary, position: shape.positions, token_type: shape.types };
  return [
    ...Object.entries(tables)
      .filter(([, rows]) => rows > 0)
      .map(([kind, rows]) => ({ name: `embeddings.${kind}_embeddings.weight`, shape: [rows, embedding] })),
    ...normShapes('embeddings.LayerNorm', embedding),
    ...(isProjected(shape) ? linearShapes('embeddings_project', hidden, embedding) : []),
    ...(family.relativeBuckets === null
      ? []
      : [{ name: relativeTable, shape: [family.relativeBuckets, heads] }]),
    ...Array.from({ length: shape.layers }, (_, layer) => `encoder.layer.${layer}`).flatMap((stem) => [
      ...(['query', 'key', 'value', 'output'] as const).flatMap((part) =>
        linearShapes(`${stem}.${attention[part]}`, hidden, hidden),
      ),
      ...normShapes(`${stem}.${attention.norm}`, hidden),
      ...linearShapes(`${stem}.intermediate.dense`, intermediate, hidden),
      ...linearShapes(`${stem}.output.dense`, hidden, intermediate),
      ...normShapes(`${stem}.output.LayerNorm`, hidden),
    ]),
    ...(labels === null ? [] : headParameters(family, labels)),
  ];
}

/** Parameters of a classifier beside its encoder's. */
export function headParameters(
  { shape: { hidden }, head }: PostNormFamily,
  labels: number,
): ParameterShape[] {
  const [dense, out] =
    head === 'pooler' ? ['pooler.dense', 'classifier'] : ['classifier.dense', 'classifier.out_proj'];
  return [...linearShapes(dense!, hidden, hidden), ...linearShapes(out!, labels, hidden)];
}

/** Writes the encoder as an ONNX model in float32. */
export function writePostNorm(
  family: PostNormFamily,
  parameters: Parameters,
  labels: number | null,
): Uint8Array<ArrayBuffer> {
  return new PostNormWriter(family, parameters).write(labels);
}

class PostNormWriter {
  readonly #family: PostNormFamily;
  readonly #shape: EncoderShape;
  readonly #operators: Operators;

  constructor(family: PostNormFamily, parameters: Parameters) {
    this.#family = family;
    this.#shape = family.shape;
    this.#operators = new Operators(parameters);
  }

  write(labels: number | null): Uint8Array<ArrayBuffer> {
    const { layers, hidden, types } = this.#shape;
    const biases = [this.#operators.maskBias(), ...this.#relativeBias()];
    let state = this.#embeddings();
    for (let layer = 0; layer < layers; layer++) {
      state = this.#layer(layer, state, biases, layer === layers - 1 ? 'last_hidden_state' : undefined);
    }
    if (labels !== null) this.#head(state, labels);
    const rows = ['batch_size', 'sequence_length'];
    const inputs = ['input_ids', 'attention_mask', ...(types > 1 ? ['token_type_ids'] : [])];
    return this.#operators.graph.finish(
      inputs.map((name) => valueMessage(name, dataType.int64, rows)),
      [
        labels === null
          ? valueMessage('last_hidden_state', dataType.float, [...rows, hidden])
          : valueMessage('logits', dataType.float, ['batch_size', labels]),
      ],
    );
  }

  #table(kind: string, rows: number): string {
    const name = `embeddings.${kind}_embeddings.weight`;
    const { graph } = this.#operators;
    return graph.weights(name, [rows, embeddingWidth(this.#shape)], this.#operators.data(name));
  }

  #embeddings(): string {
    const { graph } = this.#operators;
    const { vocabulary, types, hidden, epsilon } = this.#shape;
    const embedding = embeddingWidth(this.#shape);
    const stem = '/embeddings';
    let sum = graph.node('Gather', `${stem}/word_embeddings/Gather`, [
      this.#table('word', vocabulary),
      'input_ids',
    ]);
    if (types > 0) {
      // Of kind 0 alone, the table's first row is added to each token.
      const kinds = types > 1 ? 'token_type_ids' : graph.ints([0]);
      const typed = graph.node('Gather', `${stem}/token_type_embeddings/Gather`, [
        this.#table('token_type', types),
        kinds,
      ]);
      sum = graph.node('Add', `${stem}/Add`, [sum, typed]);
    }
    const placed = graph.node('Add', `${stem}/Add_1`, [sum, this.#positions(stem)]);
    const state = this.#operators.norm('embeddings.LayerNorm', `${stem}/LayerNorm`, placed, {
      size: embedding,
      epsilon,
    });
    if (!isProjected(this.#shape)) return state;
    const projection = this.#operators.linearOf('embeddings_project', [hidden, embedding]);
    return this.#operators.linear('embeddings_project', '/embeddings_project', state, projection);
  }

  #positions(stem: string): string {
    const { graph } = this.#operators;
    const { firstPosition = 0 } = this.#shape;
    const table = this.#table('position', this.#shape.positions);
    if (firstPosition === 0) {
      const tokens = this.#operators.tokens(stem);
      return graph.node('Slice', `${stem}/position_embeddings/Slice`, [
        table,
        graph.ints([0]),
        tokens,
        graph.ints([0]),
      ]);
    }
    // A token's position is the number of tokens up to it that are no padding, behind the padding's own, its id.
    const paddingId = graph.ints([firstPosition - 1], false);
    const padding = graph.node('Equal', `${stem}/Equal`, ['input_ids', paddingId]);
    const token = graph.node('Cast', `${stem}/Cast`, [graph.node('Not', `${stem}/Not`, [padding])], {
      to: { int: dataType.int64 },
    });
    const count = graph.node('CumSum', `${stem}/CumSum`, [token, graph.ints([1], false)]);
    const own = graph.node('Mul', `${stem}/Mul`, [count, token]);
    const places = graph.node('Add', `${stem}/Add_2`, [own, paddingId]);
    return graph.node('Gather', `${stem}/position_embeddings/Gather`, [table, places]);
  }

  /** One bias a head and distance, of all layers: [heads, tokens, tokens]. */
  #relativeBias(): string[] {
    const { relativeBuckets: buckets, shape } = this.#family;
    if (buckets === null) return [];
    const { graph } = this.#operators;
    const { heads, positions } = shape;
    const stem = '/encoder';
    const table = this.#operators.data(relativeTable);
    const byDistance = new Float32Array((2 * positions - 1) * heads);
    for (const [index, bucket] of relativeBuckets(positions, buckets).entries()) {
      byDistance.set(table.subarray(bucket * heads, (bucket + 1) * heads), index * heads);
    }
    const range = this.#operators.range(stem);
    const keys = graph.node('Unsqueeze', `${stem}/Unsqueeze`, [range, graph.ints([0])]);
    const queries = graph.node('Unsqueeze', `${stem}/Unsqueeze_1`, [range, graph.ints([1])]);
    const distance = graph.node('Sub', `${stem}/Sub`, [keys, queries]);
    const index = graph.node('Add', `${stem}/Add`, [distance, graph.ints([positions - 1], false)]);
    const weights = graph.weights(relativeTable, [2 * positions - 1, heads], byDistance);
    const biases = graph.node('Gather', `${stem}/relative_attention_bias/Gather`, [weights, index]);
    return [graph.node('Transpose', `${stem}/Transpose`, [biases], { perm: { ints: [2, 0, 1] } })];
  }

  #layer(layer: number, state: string, biases: readonly string[], output?: string): string {
    const operators = this.#operators;
    const { hidden, intermediate, epsilon, activation = 'gelu' } = this.#shape;
    const { attention } = this.#family;
    const name = `encoder.layer.${layer}`;
    const path = `/encoder/layer.${layer}`;
    const norm = { size: hidden, epsilon };
    const linear = (part: string, input: string, sizes: readonly [number, number]): string =>
      operators.linear(
        `${name}.${part}`,
        pathOf(path, part),
        input,
        operators.linearOf(`${name}.${part}`, sizes),
      );

    const attended = this.#attention(
      path,
      (part) => linear(attention[part], state, [hidden, hidden]),
      biases,
    );
    const mixed = linear(attention.output, attended, [hidden, hidden]);
    const added = operators.graph.node('Add', `${path}/attention/output/Add`, [mixed, state]);
    const middle = operators.norm(`${name}.${attention.norm}`, pathOf(path, attention.norm), added, norm);
    const up = linear('intermediate.dense', middle, [intermediate, hidden]);
    const active = operators.activation(activation, `${path}/intermediate/intermediate_act_fn`, up);
    const down = linear('output.dense', active, [hidden, intermediate]);
    const sum = operators.graph.node('Add', `${path}/output/Add`, [down, middle]);
    return operators.norm(`${name}.output.LayerNorm`, `${path}/output/LayerNorm`, sum, norm, output);
  }

  #attention(
    path: string,
    project: (part: 'query' | 'key' | 'value') => string,
    biases: readonly string[],
  ): string {
    const self = `${path}/attention/self`;
    const split = (part: 'query' | 'key' | 'value', suffix: string, perm: readonly number[]): string =>
      this.#operators.split(self, suffix, project(part), this.#shape, perm);
    const queries = split('query', '', [0, 2, 1, 3]);
    const keys = split('key', '_1', [0, 2, 3, 1]);
    const values = split('value', '_2', [0, 2, 1, 3]);
    return this.#operators.attend(self, [queries, keys, values], this.#shape, biases);
  }

  /** The first token's state gives the logits. */
  #head(state: string, labels: number): void {
    const operators = this.#operators;
    const { hidden } = this.#shape;
    const { head } = this.#family;
    const first = operators.graph.node(
      'Gather',
      '/pooler/Gather',
      [state, operators.graph.ints([0], false)],
      {
        axis: { int: 1 },
      },
    );
    const [dense, out] =
      head === 'pooler' ? ['pooler.dense', 'classifier'] : ['classifier.dense', 'classifier.out_proj'];
    const inner = operators.linear(
      dense!,
      pathOf('', dense!),
      first,
      operators.linearOf(dense!, [hidden, hidden]),
    );
    const active = operators.activation(head === 'gelu' ? 'gelu' : 'tanh', '/pooler/activation', inner);
    operators.linear(out!, pathOf('', out!), active, operators.linearOf(out!, [labels, hidden]), 'logits');
  }
}

/** `attention.self.query` below a path, as exporters write it. */
function pathOf(stem: string, name: string): string {
  return `${stem}/${name.replaceAll('.', '/')}`;
}
