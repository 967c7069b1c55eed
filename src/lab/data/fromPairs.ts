import { UserError } from '../../base/userError.ts';
import type { CollectionHead, ReadCollection } from './beir.ts';
import type { Collection, TextTable } from './collection.ts';
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

/** Where scored pairs begin to be relevant. */
interface Threshold {
  readonly value: number;
  /** What it is, as "half of the highest score". */
  readonly what: string | null;
}

/**
 * The given one, else half of the highest score; where no score is above 0, as with logits, halfway from the lowest
 * to the highest.
 */
function thresholdOf(pairs: readonly Pair[], given?: number): Threshold | null {
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  for (const { score } of pairs) {
    if (score === null) continue;
    highest = Math.max(highest, score);
    lowest = Math.min(lowest, score);
  }
  if (highest < lowest) return null;
  if (given !== undefined) return { value: given, what: null };
  return highest > 0
    ? { value: relevantShare * highest, what: 'half of the highest score' }
    : { value: (lowest + highest) / 2, what: 'halfway from the lowest to the highest, as none is above 0' };
}

function isRelevant({ score }: Pair, threshold: Threshold | null): boolean {
  return threshold === null || (score !== null && score > threshold.value);
}

/** @throws UserError when no pair is scored high enough */
function relevantPairs(
  { pairs, file }: Pick<ReadPairs, 'pairs' | 'file'>,
  threshold: Threshold | null,
): readonly Pair[] {
  const relevant = pairs.filter((pair) => isRelevant(pair, threshold));
  if (relevant.length > 0) return relevant;
  const bar =
    threshold?.what === 'half of the highest score' ? 'half of its highest score' : threshold?.value;
  throw new UserError(`has no pair scored above ${bar}; check the score column.`, { file });
}

/** Rows of distinct texts, in order of first appearance. */
class TextRows {
  readonly rows = new Map<string, number>();

  of(text: string): number {
    const row = this.rows.get(text) ?? this.rows.size;
    this.rows.set(text, row);
    return row;
  }

  table(letter: string): TextTable {
    return {
      ids: Array.from({ length: this.rows.size }, (_, row) => `${letter}${row + 1}`),
      texts: [...this.rows.keys()],
    };
  }
}

/** More than documents fit into memory, and still exact when multiplied by as many queries. */
const rowLimit = 2 ** 26;

/**
 * Makes a collection of pairs: the first text is the query, the second the document; equal texts are
 * one, and all documents paired with a query are relevant to it. Negatives, and the second texts of
 * pairs scored too low, are documents too. Rows keep the order of first appearance.
 * @param bar scores above it are relevant; without one, those above half of the highest
 * @throws UserError when no pair is scored high enough
 */
export function collectionFromPairs(read: ReadPairs, head: CollectionHead, bar?: number): ReadCollection {
  const threshold = thresholdOf(read.pairs, bar);
  const relevant = relevantPairs(read, threshold);
  const ledger = read.ledger.copy();
  const queries = new TextRows();
  const documents = new TextRows();
  const asked = new TextRows();
  const seen = new Set<number>();
  for (const [at, { query, positive, negatives }] of read.pairs.entries()) {
    const key = asked.of(query) * rowLimit + documents.of(positive);
    if (seen.has(key)) ledger.note('pairAgain', read.places[at]!);
    seen.add(key);
    for (const negative of negatives) documents.of(negative);
  }
  const qrels: Map<number, number>[] = [];
  for (const { query, positive } of relevant) {
    const q = queries.of(query);
    qrels[q] ??= new Map();
    qrels[q].set(documents.of(positive), 1);
  }
  const below = read.pairs.length - relevant.length;
  return {
    collection: {
      ...head,
      counts: ledger.counts(),
      corpus: documents.table('d'),
      queries: queries.table('q'),
      qrels,
    },
    warnings: [
      ...(below === 0 || threshold === null
        ? []
        : [
            `${below} of ${read.pairs.length} pairs score ${threshold.value} or less${threshold.what === null ? '' : `, ${threshold.what}`}; ` +
              'they do not count as relevant.',
          ]),
      ...ledger.warnings(),
    ],
  };
}

/** Pairs to train on, and a sentence for what of their files was left out. */
export interface TrainingPairs {
  readonly pairs: readonly TrainingPair[];
  readonly warnings: readonly string[];
}

/** Pairs to train on; of scored pairs those that count as relevant. @throws UserError when there are none */
export function trainingPairs(read: Pick<ReadPairs, 'pairs' | 'file'>, bar?: number): TrainingPair[] {
  return relevantPairs(read, thresholdOf(read.pairs, bar)).map(({ query, positive, negatives }) => ({
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

/** The same, with what was said of the collection. */
export function judgedPairs({ collection, warnings }: ReadCollection): TrainingPairs {
  return { pairs: pairsOfCollection(collection), warnings };
}
