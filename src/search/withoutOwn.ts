/** Lists of all queries: [queries, k], best first, -1 where a list ends. */
interface Lists {
  readonly documents: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

/**
 * Each query's list without its own document, cut to `k`.
 * @param given entries of a list as it is, one more than `k` where a query may find itself
 * @param own row of each query's own document, -1 for none
 */
export function withoutOwn({ documents, scores }: Lists, given: number, k: number, own: Int32Array): Lists {
  const out = {
    documents: new Int32Array(own.length * k).fill(-1),
    scores: new Float32Array(own.length * k).fill(Number.NEGATIVE_INFINITY),
  };
  for (const [q, row] of own.entries()) {
    let at = q * k;
    for (let i = q * given; i < (q + 1) * given && at < (q + 1) * k; i++) {
      if (row >= 0 && documents[i] === row) continue;
      out.documents[at] = documents[i]!;
      out.scores[at] = scores[i]!;
      at++;
    }
  }
  return out;
}
