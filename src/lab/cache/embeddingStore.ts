/** Where pooled vectors are kept between runs; a vector is one text's layers, [layers, hiddenSize]. */
export interface EmbeddingStore {
  /** The vector of each text, undefined where it is not stored. */
  read(texts: readonly string[]): Promise<readonly (Float32Array | undefined)[]>;
  /** @param vectors one a text, [layers, hiddenSize] */
  write(texts: readonly string[], vectors: readonly Float32Array[]): Promise<void>;
}

/** A store and how to leave it; null stores are said why in a notice. */
export interface OpenedStore extends EmbeddingStore {
  close(): Promise<void>;
}
