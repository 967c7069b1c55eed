/** The best documents of every query at one layer, best first. */
export interface Ranking {
  /** [queries, k] rows of the corpus; -1 where fewer than k documents were seen. */
  readonly documents: Int32Array<ArrayBuffer>;
  /** [queries, k] similarities. */
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface SearchOptions {
  /** Layers searched side by side. */
  readonly layers: number;
  readonly queries: number;
  readonly hiddenSize: number;
  /** Cosine unless it is `dot`, the inner product of the vectors as they are. */
  readonly similarity?: 'cosine' | 'dot';
  /** [queries, layers, hiddenSize]; need not be normalised. */
  readonly queryVectors: Float32Array<ArrayBuffer>;
  readonly k: number;
  /**
   * [documents] rank of each corpus row under the tie rule: of two equal scores the lower rank wins.
   * Null means document order.
   */
  readonly tieRanks: Int32Array<ArrayBuffer> | null;
}

/**
 * Exact search by cosine or inner product; documents arrive in blocks, in any order, each once. A document whose
 * vector is not finite stands behind all others, and a query whose vector is not finite finds nothing.
 */
export interface Searcher {
  readonly device: 'webgpu' | 'cpu';
  /** @param vectors [rows.length, layers, hiddenSize] @param rows corpus rows of the block */
  add(vectors: Float32Array<ArrayBuffer>, rows: Int32Array<ArrayBuffer>): Promise<void>;
  /** The ranking at each layer over what was added so far; more may be added after. */
  rankings(): Promise<readonly Ranking[]>;
  dispose(): void;
}
