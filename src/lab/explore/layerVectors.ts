/** Unit vectors of some texts at every layer of one model. */
export interface LayerVectors {
  /** Layer indices, ascending; 0 is the embedding layer. */
  readonly layers: readonly number[];
  readonly texts: number;
  readonly hiddenSize: number;
  /** (L, N, C): layer by layer, so that one layer is searched in one run through memory. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Brings pooled vectors as a session gives them, (N, L, C), to unit length and into the order (L, N, C).
 * A vector that is all zero or not finite becomes zero: its cosine with any other is 0.
 */
export function layerVectors(
  pooled: Float32Array,
  layers: readonly number[],
  hiddenSize: number,
): LayerVectors {
  const width = layers.length * hiddenSize;
  const texts = width > 0 ? pooled.length / width : 0;
  if (!Number.isInteger(texts))
    throw new Error(`${pooled.length} values are no (N, ${layers.length}, ${hiddenSize}).`);
  const values = new Float32Array(pooled.length);
  for (let text = 0; text < texts; text++) {
    for (let layer = 0; layer < layers.length; layer++) {
      const from = (text * layers.length + layer) * hiddenSize;
      const to = (layer * texts + text) * hiddenSize;
      let squares = 0;
      for (let i = 0; i < hiddenSize; i++) squares += pooled[from + i]! ** 2;
      const scale = squares > 0 && Number.isFinite(squares) ? 1 / Math.sqrt(squares) : 0;
      if (scale === 0) continue;
      for (let i = 0; i < hiddenSize; i++) values[to + i] = pooled[from + i]! * scale;
    }
  }
  return { layers, texts, hiddenSize, values };
}

/** Vectors (N, C) of one layer, by its position in `layers`, as a view. */
export function vectorsAt({ texts, hiddenSize, values }: LayerVectors, position: number): Float32Array {
  return values.subarray(position * texts * hiddenSize, (position + 1) * texts * hiddenSize);
}
