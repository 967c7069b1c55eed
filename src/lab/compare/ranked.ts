import { lastScore } from '../../search/lastScore.ts';

/** Ranked lists of all queries of a collection: [queries, k], best first. */
export interface RankedLists {
  readonly k: number;
  /** Rows of the corpus; -1 where a list ends; -2 - i is `unknown[i]`, which keeps its rank and is never relevant. */
  readonly documents: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  /** Ids that a run file ranks and the collection does not have. */
  readonly unknown?: readonly string[];
}

/** The first `depth` documents of each list. */
export function cutLists({ k, documents, scores, unknown }: RankedLists, depth: number): RankedLists {
  const kept = Math.min(depth, k);
  const queries = documents.length / k;
  const out = {
    k: kept,
    documents: new Int32Array(queries * kept),
    scores: new Float32Array(queries * kept),
    unknown,
  };
  for (let q = 0; q < queries; q++) {
    out.documents.set(documents.subarray(q * k, q * k + kept), q * kept);
    out.scores.set(scores.subarray(q * k, q * k + kept), q * kept);
  }
  return out;
}

/**
 * Each list in the order of new scores; of equal ones the document of the lower rank stands first. Documents without
 * a score that is finite stand last.
 * @param scoreOf of a query row and a document row
 * @param tieRanks null for document order; see `tieRanks` of src/search/ties.ts
 */
export function resorted(
  { k, documents, unknown }: RankedLists,
  scoreOf: (query: number, document: number) => number,
  tieRanks: Int32Array | null,
): RankedLists {
  const out = {
    k,
    documents: new Int32Array(documents.length).fill(-1),
    scores: new Float32Array(documents.length),
    unknown,
  };
  const rankOf = (document: number): number =>
    document < 0 ? Number.MAX_SAFE_INTEGER : (tieRanks?.[document] ?? document);
  const finite = (score: number): number => (Number.isFinite(score) ? score : lastScore);
  for (let q = 0; q < documents.length / k; q++) {
    const list = [...documents.subarray(q * k, (q + 1) * k)]
      .filter((document) => document !== -1)
      .map((document) => ({ document, score: document < 0 ? lastScore : finite(scoreOf(q, document)) }))
      .sort((a, b) => b.score - a.score || rankOf(a.document) - rankOf(b.document));
    for (const [i, { document, score }] of list.entries()) {
      out.documents[q * k + i] = document;
      out.scores[q * k + i] = score;
    }
  }
  return out;
}
