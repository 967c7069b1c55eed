/** Activations by the names of `hidden_act`. */
export const activations = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu', 'tanh'] as const;
export type Activation = (typeof activations)[number];

/** Sizes of an encoder that is built as BERT is, by the names that its `config.json` abbreviates. */
export interface EncoderShape {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly positions: number;
  readonly types: number;
  /** Of LayerNorm. */
  readonly epsilon: number;
  /** Width of the embedding tables; where it is not `hidden`, a layer projects it (ELECTRA). */
  readonly embedding?: number;
  /** Position of a text's first token: 0, or for RoBERTa the one behind the padding token's id. */
  readonly firstPosition?: number;
  /** In the feed-forward; exact GELU where nothing is said. */
  readonly activation?: Activation;
}

/** A parameter as the hub's BERT names it, without a model prefix. */
export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Neighbours in memory that one kernel takes as one matrix or vector. */
export interface TensorShape {
  readonly key: string;
  readonly parts: readonly ParameterShape[];
}

/** Parameters that are kept in one buffer. */
export interface BlockShape {
  readonly label: string;
  /** Weight decay holds for these ... */
  readonly decayed: readonly TensorShape[];
  /** ... and not for biases and LayerNorm. */
  readonly undecayed: readonly TensorShape[];
}

function tensor(key: string, ...parts: ParameterShape[]): TensorShape {
  return { key, parts };
}

/** Width of the embedding tables. */
export function embeddingWidth({ embedding, hidden }: EncoderShape): number {
  return embedding ?? hidden;
}

/** Whether a layer takes the embeddings to the encoder's width. */
export function isProjected(shape: EncoderShape): boolean {
  return embeddingWidth(shape) !== shape.hidden;
}

/** Activations that can be trained. */
export const trainedActivations: readonly Activation[] = ['gelu', 'gelu_new', 'gelu_pytorch_tanh'];

/** Whether GELU is the one by tanh. */
export function isTanhGelu({ activation = 'gelu' }: EncoderShape): boolean {
  if (!trainedActivations.includes(activation)) throw new Error(`${activation} is not trained.`);
  return activation !== 'gelu';
}

/** Tokens that have a position. */
export function mostTokens({ positions, firstPosition = 0 }: EncoderShape): number {
  return positions - firstPosition;
}

export const wordTable = 'embeddings.word_embeddings.weight';
export const positionTable = 'embeddings.position_embeddings.weight';

/** Everything of the embedding layer but the word table, which is too large for one buffer on some adapters. */
export function embeddingBlock(shape: EncoderShape): BlockShape {
  const { hidden, positions, types } = shape;
  const width = embeddingWidth(shape);
  const project = (part: string, size: readonly number[]): TensorShape[] =>
    isProjected(shape)
      ? [tensor(`project.${part}`, { name: `embeddings_project.${part}`, shape: size })]
      : [];
  return {
    label: 'embeddings',
    decayed: [
      tensor(
        'tables',
        { name: positionTable, shape: [positions, width] },
        { name: 'embeddings.token_type_embeddings.weight', shape: [types, width] },
      ),
      ...project('weight', [hidden, width]),
    ],
    undecayed: [...norm('norm', 'embeddings.LayerNorm', width), ...project('bias', [hidden])],
  };
}

export function layerBlock({ hidden, intermediate }: EncoderShape, layer: number): BlockShape {
  const stem = `encoder.layer.${layer}`;
  const self = ['query', 'key', 'value'].map((name) => `${stem}.attention.self.${name}`);
  const square = [hidden, hidden];
  return {
    label: `layer ${layer}`,
    decayed: [
      tensor('qkv.weight', ...self.map((name) => ({ name: `${name}.weight`, shape: square }))),
      tensor('attention.weight', { name: `${stem}.attention.output.dense.weight`, shape: square }),
      tensor('up.weight', { name: `${stem}.intermediate.dense.weight`, shape: [intermediate, hidden] }),
      tensor('down.weight', { name: `${stem}.output.dense.weight`, shape: [hidden, intermediate] }),
    ],
    undecayed: [
      tensor('qkv.bias', ...self.map((name) => ({ name: `${name}.bias`, shape: [hidden] }))),
      tensor('attention.bias', { name: `${stem}.attention.output.dense.bias`, shape: [hidden] }),
      ...norm('attention.norm', `${stem}.attention.output.LayerNorm`, hidden),
      tensor('up.bias', { name: `${stem}.intermediate.dense.bias`, shape: [intermediate] }),
      tensor('down.bias', { name: `${stem}.output.dense.bias`, shape: [hidden] }),
      ...norm('norm', `${stem}.output.LayerNorm`, hidden),
    ],
  };
}

function norm(key: string, name: string, hidden: number): TensorShape[] {
  return [
    tensor(`${key}.gamma`, { name: `${name}.weight`, shape: [hidden] }),
    tensor(`${key}.beta`, { name: `${name}.bias`, shape: [hidden] }),
  ];
}

/** Every parameter of an encoder, in the order in which the hub's files hold them. */
export function parameterShapes(shape: EncoderShape): ParameterShape[] {
  const blocks = [
    embeddingBlock(shape),
    ...Array.from({ length: shape.layers }, (_, layer) => layerBlock(shape, layer)),
  ];
  return [
    { name: wordTable, shape: [shape.vocabulary, embeddingWidth(shape)] },
    ...blocks.flatMap(({ decayed, undecayed }) => [...decayed, ...undecayed].flatMap(({ parts }) => parts)),
  ];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Bytes that an encoder's activations take of each token of a mini-batch, those kept for the way back and scratch. */
export function activationBytes(shape: EncoderShape): number {
  const { hidden, intermediate, heads, layers } = shape;
  const width = embeddingWidth(shape);
  const layer = 8 * hidden + intermediate + heads + 4;
  const projected = isProjected(shape) ? hidden : 0;
  const widest = Math.max(hidden, width);
  // The embedding layer's sum and output, gradients at a LayerNorm, those of queries, keys and values, partial sums.
  const scratch = 2 * width + projected + 2 * widest + hidden + 3 * hidden + 2 * widest;
  return 4 * (layers * layer + scratch + intermediate + heads + 2);
}
