/** Ranked lists of all queries of a collection: [queries, k], best first, -1 where a list ends. */
export interface RankedLists {
  readonly k: number;
  readonly documents: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

/** The first `depth` documents of each list. */
export function cutLists({ k, documents, scores }: RankedLists, depth: number): RankedLists {
  const kept = Math.min(depth, k);
  const queries = documents.length / k;
  const out = {
    k: kept,
    documents: new Int32Array(queries * kept),
    scores: new Float32Array(queries * kept),
  };
  for (let q = 0; q < queries; q++) {
    out.documents.set(documents.subarray(q * k, q * k + kept), q * kept);
    out.scores.set(scores.subarray(q * k, q * k + kept), q * kept);
  }
  return out;
}

/**
 * Each list in the order of new scores; of equal ones the document of the lower rank stands first.
 * @param scoreOf of a query row and a document row
 * @param tieRanks null for document order; see tieRanks of metrics/ties.ts
 */
export function resorted(
  { k, documents }: RankedLists,
  scoreOf: (query: number, document: number) => number,
  tieRanks: Int32Array | null,
): RankedLists {
  const out = {
    k,
    documents: new Int32Array(documents.length).fill(-1),
    scores: new Float32Array(documents.length),
  };
  const rankOf = (document: number): number => tieRanks?.[document] ?? document;
  for (let q = 0; q < documents.length / k; q++) {
    const list = [...documents.subarray(q * k, (q + 1) * k)]
      .filter((document) => document >= 0)
      .map((document) => ({ document, score: scoreOf(q, document) }))
      .sort((a, b) => b.score - a.score || rankOf(a.document) - rankOf(b.document));
    for (const [i, { document, score }] of list.entries()) {
      out.documents[q * k + i] = document;
      out.scores[q * k + i] = score;
    }
  }
  return out;
}
