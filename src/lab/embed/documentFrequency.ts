/** How many texts of a collection each token stands in. */
export interface DocumentFrequency {
  readonly documents: number;
  /** Token id to the number of texts that have it. */
  readonly counts: ReadonlyMap<number, number>;
}

/** @param tokens token ids of each text, specials left out */
export function documentFrequency(tokens: Iterable<readonly number[] | Int32Array>): DocumentFrequency {
  const counts = new Map<number, number>();
  let documents = 0;
  for (const ids of tokens) {
    documents++;
    for (const id of new Set(ids)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return { documents, counts };
}

/**
 * Inverse document frequency of a token, ln((N + 1) / (n + 1)) + 1, as scikit-learn's TfidfTransformer smooths it:
 * a token of no text has a finite value too.
 */
export function inverseDocumentFrequency({ documents, counts }: DocumentFrequency, token: number): number {
  return Math.log((documents + 1) / ((counts.get(token) ?? 0) + 1)) + 1;
}
