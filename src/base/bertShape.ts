/** Sizes of a BERT encoder, by the names that its `config.json` abbreviates. */
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

export const wordTable = 'embeddings.word_embeddings.weight';

/** Everything of the embedding layer but the word table, which is too large for one buffer on some adapters. */
export function embeddingBlock({ hidden, positions, types }: EncoderShape): BlockShape {
  return {
    label: 'embeddings',
    decayed: [
      tensor(
        'tables',
        { name: 'embeddings.position_embeddings.weight', shape: [positions, hidden] },
        { name: 'embeddings.token_type_embeddings.weight', shape: [types, hidden] },
      ),
    ],
    undecayed: norm('norm', 'embeddings.LayerNorm', hidden),
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
    { name: wordTable, shape: [shape.vocabulary, shape.hidden] },
    ...blocks.flatMap(({ decayed, undecayed }) => [...decayed, ...undecayed].flatMap(({ parts }) => parts)),
  ];
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Bytes that an encoder's activations take of each token of a mini-batch, those kept for the way back and scratch. */
export function activationBytes({ hidden, intermediate, heads, layers }: EncoderShape): number {
  const layer = 8 * hidden + intermediate + heads + 4;
  return 4 * (layers * layer + 10 * hidden + intermediate + heads + 2);
}
