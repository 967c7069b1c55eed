import type { TrainingPair } from '../data/fromPairs.ts';
import { Problem } from '../problem.ts';

/** What is drawn from once an epoch. Numbers are rows of the set's texts. */
export interface Example {
  readonly query: number;
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Training data; each text is held once, so that it is tokenised once and its twins are known. */
export interface TrainingSet {
  readonly texts: readonly string[];
  readonly examples: readonly Example[];
}

/**
 * Gathers pairs.
 * @param byQuery true makes one example a query with all its positives and negatives, as
 * sentence-transformers' MS MARCO training does; false one a pair, in the order given
 * @throws Problem when there are none
 */
export function gatherPairs(pairs: readonly TrainingPair[], byQuery: boolean): TrainingSet {
  if (pairs.length === 0) {
    throw new Problem(
      'is without a pair to train on; give a file of pairs or a collection with judgements.',
      {
        field: 'train.data',
      },
    );
  }
  const rows = new Map<string, number>();
  const rowOf = (text: string): number => {
    const row = rows.get(text) ?? rows.size;
    rows.set(text, row);
    return row;
  };
  const gathered = new Map<number, { query: number; positives: Set<number>; negatives: Set<number> }>();
  for (const [index, { query, positive, negatives }] of pairs.entries()) {
    const row = rowOf(query);
    const key = byQuery ? row : index;
    const example = gathered.get(key) ?? { query: row, positives: new Set(), negatives: new Set() };
    example.positives.add(rowOf(positive));
    for (const negative of negatives) example.negatives.add(rowOf(negative));
    gathered.set(key, example);
  }
  return {
    texts: [...rows.keys()],
    examples: [...gathered.values()].map(({ query, positives, negatives }) => ({
      query,
      positives: [...positives],
      // What another pair calls right for the query is no negative of it.
      negatives: [...negatives].filter((row) => !positives.has(row)),
    })),
  };
}
