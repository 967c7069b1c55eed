import { UserError } from '../../base/userError.ts';
import type { CollectionHead, ReadCollection } from './beir.ts';
import type { Collection } from './collection.ts';
import type { Pair, ReadPairs } from './pairs.ts';

/** Scored pairs are relevant above this share of the file's highest score, as the paper does with STSB. */
export const relevantShare = 0.5;

/** What a dual encoder is trained on. */
export interface TrainingPair {
  readonly query: string;
  readonly positive: string;
  /** Given hard negatives; empty where the file has none. */
  readonly negatives: readonly string[];
}

interface Sorted {
  readonly relevant: readonly Pair[];
  readonly rest: readonly Pair[];
  /** Scores above this are relevant; null without scores. */
  readonly threshold: number | null;
}

function sortByScore({ pairs, file }: ReadPairs, given?: number): Sorted {
  let highest: number | null = null;
  for (const { score } of pairs) if (score !== null) highest = Math.max(highest ?? score, score);
  if (highest === null) return { relevant: pairs, rest: [], threshold: null };
  const threshold = given ?? relevantShare * highest;
  const isRelevant = ({ score }: Pair): boolean => score !== null && score > threshold;
  const relevant = pairs.filter(isRelevant);
  if (relevant.length === 0) {
    const bar = given === undefined ? 'half of its highest score' : given;
    throw new UserError(`has no pair scored above ${bar}; check the score column.`, { file });
  }
  return { relevant, rest: pairs.filter((pair) => !isRelevant(pair)), threshold };
}

/**
 * Makes a collection of pairs: the first text is the query, the second the document; equal texts are
 * one, and all documents paired with a query are relevant to it. Negatives, and the second texts of
 * pairs scored too low, are documents too. Rows keep the order of first appearance.
 * @param bar scores above it are relevant; without one, those above half of the highest
 * @throws UserError when no pair is scored high enough
 */
export function collectionFromPairs(read: ReadPairs, head: CollectionHead, bar?: number): ReadCollection {
  const { relevant, rest, threshold } = sortByScore(read, bar);
  const queries = new Map<string, number>();
  const documents = new Map<string, number>();
  const rowIn = (table: Map<string, number>, text: string): number => {
    const row = table.get(text) ?? table.size;
    table.set(text, row);
    return row;
  };
  for (const { positive, negatives } of read.pairs) {
    rowIn(documents, positive);
    for (const negative of negatives) rowIn(documents, negative);
  }
  const qrels: Map<number, number>[] = [];
  for (const { query, positive } of relevant) {
    const q = rowIn(queries, query);
    qrels[q] ??= new Map();
    qrels[q].set(rowIn(documents, positive), 1);
  }
  const ids = (table: Map<string, number>, letter: string): string[] =>
    Array.from({ length: table.size }, (_, row) => `${letter}${row + 1}`);
  return {
    collection: {
      ...head,
      corpus: { ids: ids(documents, 'd'), texts: [...documents.keys()] },
      queries: { ids: ids(queries, 'q'), texts: [...queries.keys()] },
      qrels,
    },
    warnings: [
      ...(rest.length === 0
        ? []
        : [
            `${rest.length} of ${read.pairs.length} pairs score ${threshold} or less${bar === undefined ? ', half of the highest score' : ''}; ` +
              'they do not count as relevant.',
          ]),
      ...(read.blank ? [blankRows(read.file, read.blank)] : []),
    ],
  };
}

function blankRows(file: string, count: number): string {
  return `${file}: ${count === 1 ? '1 row has' : `${count} rows have`} no query or no document and ${count === 1 ? 'is' : 'are'} left out.`;
}

/** Pairs to train on; of scored pairs those that count as relevant. @throws UserError when there are none */
export function trainingPairs(read: ReadPairs, bar?: number): TrainingPair[] {
  return sortByScore(read, bar).relevant.map(({ query, positive, negatives }) => ({
    query,
    positive,
    negatives,
  }));
}

/** Each query with each of its relevant documents. */
export function pairsOfCollection({ queries, corpus, qrels }: Collection): TrainingPair[] {
  return qrels.flatMap((judged, q) =>
    [...judged].flatMap(([row, grade]) =>
      grade > 0 ? [{ query: queries.texts[q]!, positive: corpus.texts[row]!, negatives: [] }] : [],
    ),
  );
}
