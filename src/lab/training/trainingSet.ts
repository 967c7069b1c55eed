import { UserError } from '../../base/userError.ts';
import type { TrainingPair } from '../data/fromPairs.ts';

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
 * @throws UserError when there are none
 */
export function gatherPairs(pairs: readonly TrainingPair[], byQuery: boolean): TrainingSet {
  if (pairs.length === 0) {
    throw new UserError(
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
  const examples: { query: number; positives: number[]; negatives: number[] }[] = [];
  const exampleOf = new Map<number, number>();
  for (const { query, positive, negatives } of pairs) {
    const row = rowOf(query);
    const at = byQuery ? (exampleOf.get(row) ?? examples.length) : examples.length;
    exampleOf.set(row, at);
    const example = examples[at] ?? { query: row, positives: [], negatives: [] };
    examples[at] = example;
    add(example.positives, rowOf(positive));
    for (const negative of negatives) add(example.negatives, rowOf(negative));
  }
  return {
    texts: [...rows.keys()],
    examples: examples.map(({ query, positives, negatives }) => ({
      query,
      positives,
      // What another pair calls right for the query is no negative of it.
      negatives: negatives.filter((row) => !positives.includes(row)),
    })),
  };
}

/** Once: a query has few, so that looking through them beats a set. */
function add(rows: number[], row: number): void {
  if (!rows.includes(row)) rows.push(row);
}
