import type { SelfRule } from '../spec/spec.ts';
import type { Collection } from './collection.ts';
import type { DataReport } from './dataReport.ts';

/** A collection whose queries do not find themselves, and what was done, for its report. */
export interface WithOwnDocuments {
  readonly collection: Collection;
  readonly selfPairs: DataReport['selfPairs'];
}

/**
 * Leaves each query's own document, the one of the same id, out of its list, as BEIR does (`ignore_identical_ids`).
 * By `auto` a query may find itself where the judgements name the two as a pair.
 */
export function withOwnDocuments(collection: Collection, rule: SelfRule): WithOwnDocuments {
  const { queries, corpus, qrels } = collection;
  const rowOf = new Map(corpus.ids.map((id, row) => [id, row]));
  const own = Int32Array.from(queries.ids, (id) => rowOf.get(id) ?? -1);
  const coinciding = own.filter((row) => row >= 0).length;
  const barred = own.map((row, q) =>
    rule === 'never' || (rule === 'auto' && qrels[q]!.has(row)) ? -1 : row,
  );
  const excluded = barred.filter((row) => row >= 0).length;
  return {
    collection: excluded > 0 ? { ...collection, ownDocuments: barred } : collection,
    selfPairs: { setting: rule, excluded, sentence: sentenceOf(coinciding, excluded, rule) },
  };
}

function sentenceOf(coinciding: number, excluded: number, rule: SelfRule): string {
  if (coinciding === 0) return 'No query has the id of a document.';
  const same = `${coinciding.toLocaleString('en')} ${coinciding === 1 ? 'query has' : 'queries have'} the id of a document`;
  if (excluded === coinciding) return `${same}, which is left out of the query's own list.`;
  if (rule === 'never') return `${same}, which the query may find.`;
  return `${same}; in ${excluded.toLocaleString('en')} lists it is left out, in the others judgements name the two as a pair.`;
}
