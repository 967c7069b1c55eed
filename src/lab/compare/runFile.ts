import { UserError } from '../../base/userError.ts';
import type { Collection } from '../data/collection.ts';
import { linesOf, type NamedSource } from '../data/lines.ts';
import type { RankedLists } from './ranked.ts';

/**
 * A TREC run file, `query Q0 document rank score tag`, as the ranked lists of a collection: by score, of equal ones
 * by the file's order. Queries of the file that the collection has not are passed over, as those of a sample that
 * was not drawn.
 * @returns null where the file ranks no query of the collection
 * @throws UserError with file and line for a line that is none, or a document the collection has not
 */
export async function readRunLists(
  source: NamedSource,
  { queries, corpus, name }: Collection,
): Promise<RankedLists | null> {
  const queryRows = new Map(queries.ids.map((id, row) => [id, row]));
  const documentRows = new Map(corpus.ids.map((id, row) => [id, row]));
  const lists = new Map<number, { document: number; score: number }[]>();
  for await (const { text, number: line } of linesOf(source)) {
    if (text.trim() === '') continue;
    const fields = text.trim().split(/\s+/);
    const [query, , document, , score] = fields;
    const at = { file: source.name, line };
    if (fields.length !== 6 || query === undefined || document === undefined) {
      throw new UserError(
        'is no line of a TREC run; it takes six fields: query Q0 document rank score tag.',
        at,
      );
    }
    if (!Number.isFinite(Number(score))) {
      throw new UserError(`has the score "${score}"; it takes a number.`, at);
    }
    const queryRow = queryRows.get(query);
    if (queryRow === undefined) continue;
    const documentRow = documentRows.get(document);
    if (documentRow === undefined) {
      throw new UserError(
        `ranks the document "${document}", which ${name} has not; give the run file of this collection, over all its documents.`,
        at,
      );
    }
    const list = lists.get(queryRow) ?? [];
    list.push({ document: documentRow, score: Number(score) });
    lists.set(queryRow, list);
  }
  if (lists.size === 0) return null;
  const k = Math.max(...[...lists.values()].map(({ length }) => length));
  const ranked: RankedLists = {
    k,
    documents: new Int32Array(queries.ids.length * k).fill(-1),
    scores: new Float32Array(queries.ids.length * k),
  };
  for (const [row, list] of lists) {
    list.sort((a, b) => b.score - a.score);
    for (const [i, { document, score }] of list.entries()) {
      ranked.documents[row * k + i] = document;
      ranked.scores[row * k + i] = score;
    }
  }
  return ranked;
}
