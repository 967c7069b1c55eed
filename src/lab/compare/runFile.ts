import { UserError } from '../../base/userError.ts';
import { compareIds, type TieRule } from '../../search/ties.ts';
import type { Collection } from '../data/collection.ts';
import { type PlacedCount, PlacedCounts } from '../data/dataReport.ts';
import { type Line, linesOf, type NamedSource } from '../data/lines.ts';
import { trecIdReader } from '../formats/trecId.ts';
import type { RankedLists } from './ranked.ts';

export interface ReadRun {
  readonly lists: RankedLists;
  readonly counts: readonly PlacedCount[];
}

interface RunLine {
  readonly query: string;
  readonly document: string;
  readonly rank: number;
  readonly score: number;
}

interface Entry {
  readonly id: string;
  /** Rows of the corpus; -2 - i for the i-th document that it does not have. */
  readonly row: number;
  readonly rank: number;
  score: number;
}

/**
 * A TREC run file, `query Q0 document rank score tag`, as the ranked lists of a collection. As trec_eval reads it,
 * order is by score as float32, of equal ones by `ties`, whatever the ranks say. A document listed twice counts once,
 * by its higher score; one that the collection does not have keeps its place and is not relevant. Queries of the file
 * that the collection does not have are passed over, as those of a sample that was not drawn.
 * @param options.least entries that a list has room for, so that metrics are of the same depth as other systems'
 * @returns null where the file ranks no query of the collection
 * @throws UserError with file and line for a line that is none, or a score that is no finite number
 */
export async function readRunLists(
  source: NamedSource,
  { queries, corpus, name, ownDocuments }: Collection,
  { ties, least }: { readonly ties: TieRule; readonly least: number },
): Promise<ReadRun | null> {
  const queryOf = trecIdReader(new Map(queries.ids.map((id, row) => [id, row])));
  const documentOf = trecIdReader(new Map(corpus.ids.map((id, row) => [id, row])));
  const unknown = new Map<string, number>();
  const counts = new PlacedCounts();
  const lists = new Map<number, Map<number, Entry>>();
  for await (const line of linesOf(source)) {
    if (line.text.trim() === '') continue;
    const { query, document, rank, score } = runLine(line, source.name);
    const place = `${source.name}, line ${line.number}`;
    const queryRow = queryOf(query);
    if (queryRow === undefined) {
      counts.add(`lines of queries that ${name} does not have, passed over`, place);
      continue;
    }
    let row = documentOf(document);
    if (row === undefined) {
      counts.add(`documents that ${name} does not have, which keep their ranks`, place);
      row = -2 - (unknown.get(document) ?? unknown.size);
      unknown.set(document, -2 - row);
    }
    const list = lists.get(queryRow) ?? new Map<number, Entry>();
    lists.set(queryRow, list);
    const twin = list.get(row);
    if (twin) {
      counts.add('documents listed twice for a query, counted once', place);
      twin.score = Math.max(twin.score, score);
    } else if (ownDocuments?.[queryRow] === row) {
      counts.add("queries' own documents, left out", place);
    } else list.set(row, { id: corpus.ids[row] ?? document, row, rank, score });
  }
  if (lists.size === 0) return null;
  for (const [row, id] of queries.ids.entries()) {
    if (!lists.has(row)) counts.add('queries without a list, which find nothing', `query ${id}`);
  }
  const ordered = new Map([...lists].map(([row, list]) => [row, [...list.values()].sort(orderBy(ties))]));
  for (const [row, list] of ordered) {
    const contradicted = list.some(
      (one, i) => i > 0 && one.rank < list[i - 1]!.rank && one.score < list[i - 1]!.score,
    );
    if (contradicted)
      counts.add('lists whose ranks contradict their scores, ordered by score', `query ${queries.ids[row]}`);
  }
  const k = Math.max(least, ...[...ordered.values()].map(({ length }) => length));
  return { lists: rankedLists(ordered, queries.ids.length, k, [...unknown.keys()]), counts: counts.list() };
}

/** Tabs between fields let ids hold spaces; a tag may hold any. */
function runLine({ text, number: line }: Line, file: string): RunLine {
  const fields = text.includes('\t')
    ? text.split('\t').map((field) => field.trim())
    : text.trim().split(/ +/);
  const [query, , document, rank, score] = fields;
  const at = { file, line };
  if (fields.length < 5 || !query || !document) {
    throw new UserError(
      'is no line of a TREC run; it takes five or six fields: query Q0 document rank score tag.',
      at,
    );
  }
  const value = Math.fround(Number(score));
  if (score === '' || !Number.isFinite(value)) {
    const infinite = /^[+-]?(nan|inf(inity)?)$/i.test(score!) || Math.abs(value) === Number.POSITIVE_INFINITY;
    throw new UserError(
      `has the score "${score}"${infinite ? ', which is not finite' : ''}; it takes a number.`,
      at,
    );
  }
  return { query, document, rank: Number(rank), score: value };
}

function orderBy(ties: TieRule): (a: Entry, b: Entry) => number {
  // Documents that the collection does not have stand behind its own, in the file's order.
  const place = ({ row }: Entry): number => (row >= 0 ? row : Number.MAX_SAFE_INTEGER / 2 - row);
  const tie = {
    'document-order': (a: Entry, b: Entry) => place(a) - place(b),
    'id-ascending': (a: Entry, b: Entry) => compareIds(a.id, b.id),
    'id-descending': (a: Entry, b: Entry) => compareIds(b.id, a.id),
  }[ties];
  return (a, b) => b.score - a.score || tie(a, b);
}

function rankedLists(
  lists: ReadonlyMap<number, readonly Entry[]>,
  queries: number,
  k: number,
  unknown: readonly string[],
): RankedLists {
  const ranked: RankedLists = {
    k,
    documents: new Int32Array(queries * k).fill(-1),
    scores: new Float32Array(queries * k),
    unknown,
  };
  for (const [query, list] of lists) {
    for (const [i, { row, score }] of list.entries()) {
      ranked.documents[query * k + i] = row;
      ranked.scores[query * k + i] = score;
    }
  }
  return ranked;
}

/** What a run file is told that fits no collection. */
export function ranksNoQuery(file: string, collections: readonly Collection[]): UserError {
  return new UserError(
    `ranks no query of ${collections.map(({ name }) => name).join(', ')}; give the run file of one of them.`,
    { file },
  );
}
