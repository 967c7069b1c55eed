import { generator, permutation } from '../../base/random.ts';
import type { Collection, TextTable } from './collection.ts';

export interface SampleOptions {
  /** null takes all. */
  readonly queries: number | null;
  /** At least the relevant documents of the sampled queries are taken. null takes all. */
  readonly documents: number | null;
  readonly seed: number;
}

function rowsOf(table: TextTable, rows: readonly number[]): TextTable {
  return { ids: rows.map((row) => table.ids[row]!), texts: rows.map((row) => table.texts[row]!) };
}

/**
 * A seeded sample, the same everywhere: queries at random, then their relevant documents, then other
 * documents at random. Queries and documents keep the order of their files, which breaks ties.
 */
export function sampleCollection(collection: Collection, options: SampleOptions): Collection {
  const { queries, corpus, qrels } = collection;
  const queryCount = Math.min(options.queries ?? Number.POSITIVE_INFINITY, queries.ids.length);
  const documentCount = Math.min(options.documents ?? Number.POSITIVE_INFINITY, corpus.ids.length);
  if (queryCount === queries.ids.length && documentCount === corpus.ids.length) return collection;

  const random = generator(options.seed);
  const keptQueries = [...permutation(queries.ids.length, random).subarray(0, queryCount)].sort(
    (a, b) => a - b,
  );
  const kept = new Set<number>();
  for (const q of keptQueries) for (const [row, grade] of qrels[q]!) if (grade > 0) kept.add(row);
  for (const row of permutation(corpus.ids.length, random)) {
    if (kept.size >= documentCount) break;
    kept.add(row);
  }
  const keptDocuments = [...kept].sort((a, b) => a - b);
  const place = new Map(keptDocuments.map((row, index) => [row, index]));
  return {
    ...collection,
    corpus: rowsOf(corpus, keptDocuments),
    queries: rowsOf(queries, keptQueries),
    qrels: keptQueries.map((q) => {
      const judged = new Map<number, number>();
      for (const [row, grade] of qrels[q]!) {
        const index = place.get(row);
        if (index !== undefined) judged.set(index, grade);
      }
      return judged;
    }),
  };
}
