import type { Ranking } from './searcher.ts';

interface Lists {
  readonly queries: number;
  /** Entries of the list that comes of them; those given may have fewer or more. */
  readonly k: number;
  /** Rank of each document among equal scores; null for document order. */
  readonly tieRanks: Int32Array | null;
}

/** The best of several rankings of different documents: what one search of all of them finds. */
export function mergeRankings(parts: readonly Ranking[], { queries, k, tieRanks }: Lists): Ranking {
  const documents = new Int32Array(queries * k).fill(-1);
  const scores = new Float32Array(queries * k).fill(Number.NEGATIVE_INFINITY);
  const rankOf = (row: number): number => tieRanks?.[row] ?? row;
  const lengths = parts.map((part) => part.documents.length / Math.max(1, queries));
  const next = new Int32Array(parts.length);
  for (let q = 0; q < queries; q++) {
    for (const [part, length] of lengths.entries()) next[part] = q * length;
    for (let rank = q * k; rank < (q + 1) * k; rank++) {
      let best = -1;
      for (const [part, ranking] of parts.entries()) {
        const at = next[part]!;
        const row = at < (q + 1) * lengths[part]! ? ranking.documents[at]! : -1;
        if (row === -1) continue;
        const score = ranking.scores[at]!;
        const ahead =
          best === -1 ||
          score > scores[rank]! ||
          (score === scores[rank]! && rankOf(row) < rankOf(documents[rank]!));
        if (!ahead) continue;
        best = part;
        documents[rank] = row;
        scores[rank] = score;
      }
      if (best === -1) break;
      next[best]!++;
    }
  }
  return { documents, scores };
}
