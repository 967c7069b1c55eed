import type { RankedLists } from './ranked.ts';

/** Depths at which reranking is looked at: none, a few on the way, and the whole. */
export function depthsUpTo(depth: number): number[] {
  return [0, 1, 2, 5, 10, 20, 30, 40, 50, 100, 200, 500].filter((one) => one < depth).concat(depth);
}

/** Lists whose first `depth` documents are in a new order and whose others stand behind as they stood. */
export function withReranked(lists: RankedLists, reranked: RankedLists): Int32Array<ArrayBuffer> {
  const documents = lists.documents.slice();
  for (let q = 0; q < documents.length / lists.k; q++) {
    documents.set(reranked.documents.subarray(q * reranked.k, (q + 1) * reranked.k), q * lists.k);
  }
  return documents;
}
