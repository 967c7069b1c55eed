/** Documents of the first ten that lists share with BM25's, means over queries. */
export interface Overlap {
  readonly collection: string;
  readonly queries: number;
  readonly depth: number;
  /** The CE's embedding layer, the DE's embedding layer and the DE's last layer. */
  readonly ce: number;
  readonly deFirst: number;
  readonly deLast: number;
}

/** One pair read both ways round. */
export interface Swapped {
  readonly query: string;
  readonly document: string;
  /** The CE's logit. */
  readonly logit: readonly [given: number, swapped: number];
  /** The whole DE's cosine. */
  readonly cosine: readonly [given: number, swapped: number];
}

/** What is computed while the lesson goes on; null until it is. */
export interface LiveFigures {
  readonly overlap: Overlap | null;
  readonly swapped: Swapped | null;
}

interface List {
  readonly system: 'ce' | 'de' | 'bm25';
  readonly layer: number | null;
  readonly hits: readonly { readonly document: number }[];
}

/** What lists share with BM25's, over several queries' lists. Queries with no word that BM25 knows are left out. */
export function overlapOf(
  collection: string,
  depth: number,
  answers: readonly (readonly List[])[],
): Overlap | null {
  const shared = answers.flatMap((lists) => {
    const words = new Set(lists.find(({ system }) => system === 'bm25')?.hits.map((hit) => hit.document));
    const of = (list: List | undefined): number =>
      list?.hits.filter(({ document }) => words.has(document)).length ?? 0;
    const de = lists.filter(({ system }) => system === 'de');
    const ce = lists.filter(({ system }) => system === 'ce');
    return words.size === 0 ? [] : [{ ce: of(ce[0]), deFirst: of(de[0]), deLast: of(de.at(-1)) }];
  });
  if (shared.length === 0) return null;
  const mean = (of: (one: (typeof shared)[number]) => number): number =>
    shared.reduce((sum, one) => sum + of(one), 0) / shared.length;
  return {
    collection,
    queries: shared.length,
    depth,
    ce: mean(({ ce }) => ce),
    deFirst: mean(({ deFirst }) => deFirst),
    deLast: mean(({ deLast }) => deLast),
  };
}
