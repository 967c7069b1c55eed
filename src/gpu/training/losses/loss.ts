/** Rows: a matrix's part can be bound from every multiple of these rows on, whatever its width. */
export const rowAlignment = 64;

/** Row of a batch's pooled vectors at which the documents begin; those between are nobody's. */
export function documentsFrom(queries: number): number {
  return Math.ceil(queries / rowAlignment) * rowAlignment;
}

export interface BatchSize {
  readonly queries: number;
  readonly documents: number;
}

/** A loss of a batch's pooled vectors. N is {@link documentsFrom} plus the documents. */
export interface Loss {
  /** Makes room for a batch; comes before everything else. */
  reserve(size: BatchSize): void;
  /** (N, C): queries from row 0 on, documents from {@link documentsFrom} on. The encoder writes them. */
  readonly pooled: GPUBuffer;
  /** (N, C): gradient of the mean loss at `pooled`, times the loss scale, after {@link record}. */
  readonly gradient: GPUBuffer;
  /** (queries): each query's loss, after {@link record}. */
  readonly losses: GPUBuffer;
  /** Records losses and gradient. */
  record(lossScale: number): void;
  destroy(): void;
}
