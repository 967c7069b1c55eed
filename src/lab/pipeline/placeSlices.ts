import { UserError } from '../../base/userError.ts';
import type { Ranking } from '../../search/searcher.ts';
import type { Collection } from '../data/collection.ts';
import { documentsHash } from '../data/hash.ts';
import type { Part, PartSlice } from './part.ts';

/** Turns the lists of part `part` into ones of the whole collection's queries and rows. */
export type PlaceLists = (part: number, lists: Ranking) => Ranking;

export function sliceOf({ slices }: Pick<Part, 'slices'>, dataset: string): PartSlice | undefined {
  return slices.find((slice) => slice.dataset === dataset);
}

/**
 * Finds the place of each part's documents in the whole collection, and of the whole's queries in the parts, which have
 * also those whose relevant documents are not there.
 * @param parts in order
 * @throws UserError where the parts' documents are not those of the collection, one part behind the other
 */
export function placeSlices(
  parts: readonly Pick<Part, 'slices'>[],
  { name, source, corpus, queries }: Collection,
): PlaceLists {
  const slices = parts.flatMap((part) => sliceOf(part, name) ?? []);
  if (slices.length === 0) return (_, lists) => lists;
  const documents = slices.reduce((sum, slice) => sum + slice.documents, 0);
  if (documents !== corpus.ids.length) {
    throw new UserError(
      `${source} has ${corpus.ids.length} documents, and the parts searched ${documents}: it was changed meanwhile, or documents of one id stand in two parts; mend its files and run the parts again.`,
    );
  }
  const starts: number[] = [];
  let at = 0;
  for (const slice of slices) {
    starts.push(at);
    const end = at + slice.documents;
    if (documentsHash(corpus, [at, end]) !== slice.sha256) throw otherContent(source);
    at = end;
  }
  // All parts have the same queries.
  const given = slices[0]!.queries;
  const rowOf = new Map(given.ids.map((id, row) => [id, row]));
  const rows = queries.ids.map((id, q) => {
    const row = rowOf.get(id);
    if (row === undefined || given.texts[row] !== queries.texts[q]) throw otherContent(source);
    return row;
  });
  return (part, lists) => placed(lists, rows, { given: given.ids.length, start: starts[part]! });
}

/** What is said of parts that searched other texts than are there now. */
export function otherContent(source: string): UserError {
  return new UserError(
    `${source} is not what the parts searched; name the folder that they had by --data, or run them again.`,
  );
}

function placed(
  lists: Ranking,
  rows: readonly number[],
  { given, start }: { readonly given: number; readonly start: number },
): Ranking {
  const k = lists.documents.length / Math.max(1, given);
  const documents = new Int32Array(rows.length * k);
  const scores = new Float32Array(rows.length * k);
  for (const [q, row] of rows.entries()) {
    for (let i = 0; i < k; i++) {
      const document = lists.documents[row * k + i]!;
      documents[q * k + i] = document < 0 ? document : document + start;
    }
    scores.set(lists.scores.subarray(row * k, (row + 1) * k), q * k);
  }
  return { documents, scores };
}
