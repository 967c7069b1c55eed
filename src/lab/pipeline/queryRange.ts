import type { RankedLists } from '../compare/ranked.ts';
import type { Collection } from '../data/collection.ts';

/** Rows [from, to) of a collection's queries. */
export type QueryRange = readonly [number, number];

/** A collection with some of its queries, over all documents. */
export function withQueries(collection: Collection, [from, to]: QueryRange): Collection {
  const { queries, qrels, ownDocuments } = collection;
  return {
    ...collection,
    queries: { ids: queries.ids.slice(from, to), texts: queries.texts.slice(from, to) },
    qrels: qrels.slice(from, to),
    ...(ownDocuments ? { ownDocuments: ownDocuments.subarray(from, to) } : {}),
  };
}

/** The lists of some queries. */
export function listsOf({ k, documents, scores, unknown }: RankedLists, [from, to]: QueryRange): RankedLists {
  return {
    k,
    documents: documents.slice(from * k, to * k),
    scores: scores.slice(from * k, to * k),
    ...(unknown ? { unknown } : {}),
  };
}

/** Lists of one query range behind the other; documents that the collection lacks are counted anew. */
export function joinedLists(parts: readonly RankedLists[]): RankedLists {
  const k = Math.max(...parts.map((part) => part.k));
  const queries = parts.map((part) => part.documents.length / Math.max(1, part.k));
  const count = queries.reduce((sum, each) => sum + each, 0);
  const documents = new Int32Array(count * k).fill(-1);
  const scores = new Float32Array(count * k);
  const unknown = new Map<string, number>();
  let row = 0;
  for (const [at, part] of parts.entries()) {
    for (let q = 0; q < queries[at]!; q++, row++) {
      for (let i = 0; i < part.k; i++) {
        const document = part.documents[q * part.k + i]!;
        const id = document < -1 ? part.unknown![-2 - document]! : null;
        if (id !== null && !unknown.has(id)) unknown.set(id, unknown.size);
        documents[row * k + i] = id === null ? document : -2 - unknown.get(id)!;
        scores[row * k + i] = part.scores[q * part.k + i]!;
      }
    }
  }
  return { k, documents, scores, unknown: [...unknown.keys()] };
}
