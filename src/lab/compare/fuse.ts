import type { RankedLists } from './ranked.ts';

/**
 * The constant of reciprocal rank fusion; 60 is that of Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion
 * outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009.
 */
const constant = 60;

interface FuseOptions {
  /** Documents kept a query. */
  readonly k: number;
  /** Rank of each document under the tie rule; null for document order. */
  readonly tieRanks: Int32Array | null;
}

/**
 * Two systems' lists as one: score(d) = Σ 1 / (60 + rank of d in a list), ranks from 1, over the lists that have d.
 * Scores are rounded to float32 before they are compared, as the run file holds them, so that sums of the same two
 * terms are equal; ties are broken by the spec's rule.
 */
export function fuse(first: RankedLists, second: RankedLists, { k, tieRanks }: FuseOptions): RankedLists {
  const unknown: string[] = [];
  const places = new Map<string, number>();
  const queries = first.documents.length / first.k;
  const fused: RankedLists = {
    k,
    documents: new Int32Array(queries * k).fill(-1),
    scores: new Float32Array(queries * k),
    unknown,
  };
  /** A document that the collection does not have is known by its id: each list counts its own. */
  const rowIn = (lists: RankedLists, document: number): number => {
    if (document >= 0) return document;
    const id = lists.unknown![-2 - document]!;
    const place = places.get(id) ?? unknown.push(id) - 1;
    places.set(id, place);
    return -2 - place;
  };
  const rankOf = (document: number): number =>
    document < 0 ? 2 ** 40 - document : (tieRanks?.[document] ?? document);
  for (let q = 0; q < queries; q++) {
    const scores = new Map<number, number>();
    for (const lists of [first, second]) {
      for (let rank = 0; rank < lists.k; rank++) {
        const document = lists.documents[q * lists.k + rank]!;
        if (document === -1) break;
        const row = rowIn(lists, document);
        scores.set(row, (scores.get(row) ?? 0) + 1 / (constant + rank + 1));
      }
    }
    const ordered = [...scores]
      .map(([document, score]) => ({ document, score: Math.fround(score) }))
      .sort((a, b) => b.score - a.score || rankOf(a.document) - rankOf(b.document))
      .slice(0, k);
    for (const [i, { document, score }] of ordered.entries()) {
      fused.documents[q * k + i] = document;
      fused.scores[q * k + i] = score;
    }
  }
  return fused;
}
