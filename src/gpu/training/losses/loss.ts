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

/** What a teacher says of a batch. */
export type TeacherValues =
  /** (queries + documents, C): its vectors. */
  | { readonly kind: 'vectors'; readonly vectors: Float32Array<ArrayBuffer> }
  /** Of each query its candidates, as numbers of documents, its positive first, and the teacher's scores of them. */
  | {
      readonly kind: 'scores';
      readonly candidates: readonly (readonly number[])[];
      readonly scores: readonly (readonly number[])[];
    };

/** A loss of a batch's pooled vectors. N is {@link documentsFrom} plus the documents. */
export interface Loss {
  /**
   * Makes room for a batch; comes before everything else.
   * @param teacher what the loss is taught, if it has a teacher
   */
  reserve(size: BatchSize, teacher?: TeacherValues): void;
  /** (N, C): queries from row 0 on, documents from {@link documentsFrom} on. The encoder writes them. */
  readonly pooled: GPUBuffer;
  /** (N, C): gradient of the mean loss at `pooled`, times the loss scale, after {@link record}. */
  readonly gradient: GPUBuffer;
  /** (lossCount): losses of queries or of texts, of which the batch's is the mean; after {@link record}. */
  readonly losses: GPUBuffer;
  /** Of a loss at every layer, `pooled` and `gradient` of those below the last, from the embedding layer on. */
  readonly below?: readonly Pick<Loss, 'pooled' | 'gradient'>[];
  readonly lossCount: number;
  /** Records losses and gradient. */
  record(lossScale: number): void;
  destroy(): void;
}
