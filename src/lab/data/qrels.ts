import { UserError } from '../../base/userError.ts';
import { trecIdReader } from '../formats/trecId.ts';
import { csvRows, type DelimitedRow } from './delimited.ts';
import { linesOf, type NamedSource } from './lines.ts';
import { numberOfCell } from './numbers.ts';
import type { RowLedger } from './rowLedger.ts';
import type { ReadTexts } from './texts.ts';

/** Names of the columns of judgements, in use among BEIR, the hub, TREC and ir_datasets. */
export const judgementColumns = {
  query: ['query-id', 'query_id', 'queryid', 'qid', 'query', 'topic', 'topic_id', 'topic-id'],
  document: [
    'corpus-id',
    'corpus_id',
    'corpusid',
    'doc_id',
    'doc-id',
    'docid',
    'docno',
    'did',
    'pid',
    'passage_id',
    'document',
    'doc',
  ],
  grade: ['score', 'relevance', 'rel', 'label', 'grade', 'judgment', 'judgement'],
} as const;

export interface Judgement {
  readonly query: string;
  readonly document: string;
  readonly grade: number;
  readonly line: number;
}

/** Where the three stand; without grades every judgement is 1. */
interface Columns {
  readonly count: number;
  readonly query: number;
  readonly document: number;
  readonly grade: number | null;
}

function columnsOf(count: number): Columns {
  return count === 2
    ? { count, query: 0, document: 1, grade: null }
    : { count, query: 0, document: count - 2, grade: count - 1 };
}

/** @returns null where the names are no header of judgements */
function columnsByHeader(cells: readonly string[]): Columns | null {
  const low = cells.map((cell) => cell.toLowerCase());
  const at = (role: keyof typeof judgementColumns): number =>
    low.findIndex((name) => (judgementColumns[role] as readonly string[]).includes(name));
  const [query, document, grade] = [at('query'), at('document'), at('grade')];
  if (query < 0 || (document < 0 && grade < 0)) return null;
  const byPlace = columnsOf(cells.length);
  return {
    count: cells.length,
    query,
    document: document < 0 ? byPlace.document : document,
    grade: grade < 0 ? byPlace.grade : grade,
  };
}

async function* rowsOf(source: NamedSource): AsyncGenerator<DelimitedRow> {
  if (/\.csv(\.gz)?$/i.test(source.name)) {
    yield* csvRows(source);
    return;
  }
  for await (const { text, number: line } of linesOf(source)) {
    if (text.trim() === '') continue;
    const cells = text.includes('\t')
      ? text.split('\t')
      : /[ \t]/.test(text.trim()) || !text.includes(',')
        ? text.trim().split(/[ \t]+/)
        : text.split(',');
    yield { cells, line };
  }
}

/**
 * The judgements of a qrels file: two columns `query document`, three `query document score`, with or without a
 * header, or TREC's four, `query 0 document grade`; set apart by tabs, spaces or commas.
 * @throws UserError with file and line
 */
export async function* judgementsOf(source: NamedSource): AsyncGenerator<Judgement> {
  let columns: Columns | null = null;
  for await (const { cells: raw, line } of rowsOf(source)) {
    const place = { file: source.name, line };
    const cells = raw.map((cell) => cell.trim());
    // A separator at a line's end begins no column.
    while (cells.length > 3 && cells.at(-1) === '') cells.pop();
    if (columns === null) {
      if (cells.length < 2 || cells.length > 4) {
        throw new UserError(
          `has ${count(cells.length)}; qrels have three (query-id, corpus-id, score), tabs between, or TREC's four.`,
          place,
        );
      }
      columns = columnsByHeader(cells);
      if (columns !== null && !(columns.grade !== null && numberOfCell(cells[columns.grade]) !== null))
        continue;
      columns = columnsOf(cells.length);
    }
    if (cells.length !== columns.count) {
      throw new UserError(
        `has ${count(cells.length)} where the lines before have ${columns.count}; correct the line.`,
        place,
      );
    }
    const score = columns.grade === null ? '1' : cells[columns.grade]!;
    const grade = numberOfCell(score);
    if (grade === null) {
      throw new UserError(`has the score "${score}", which is no number; correct it.`, place);
    }
    yield { query: cells[columns.query]!, document: cells[columns.document]!, grade, line };
  }
}

function count(columns: number): string {
  return columns === 1 ? '1 column' : `${columns} columns`;
}

interface Grade {
  readonly grade: number;
  readonly line: number;
}

/** The judgements of one split, by query id and document id. */
export interface Judgements {
  readonly file: string;
  readonly byQuery: ReadonlyMap<string, ReadonlyMap<string, Grade>>;
}

/**
 * Gathers judgements. Of several of one query and document the last counts, as in BEIR's own loader.
 * @throws UserError when there are none
 */
export async function gatherJudgements(
  judgements: AsyncIterable<Judgement>,
  file: string,
  ledger: RowLedger,
): Promise<Judgements> {
  const byQuery = new Map<string, Map<string, Grade>>();
  for await (const { query, document, grade, line } of judgements) {
    ledger.read('judgements');
    const grades = byQuery.get(query) ?? new Map<string, Grade>();
    byQuery.set(query, grades);
    const before = grades.get(document);
    if (before) {
      const fate = before.grade === grade ? 'judgementAgain' : 'judgementChanged';
      ledger.note(fate, { file, line }, `${query}, ${document}`);
    }
    // The line of the first, where a judgement that names something in vain is looked for.
    grades.set(document, { grade, line: before?.line ?? line });
  }
  if (byQuery.size === 0) {
    throw new UserError('is empty; it needs one judgement a line: query-id, corpus-id, score.', { file });
  }
  return { file, byQuery };
}

/** Whether any grade of a query makes its document relevant. */
export function hasRelevant(grades: ReadonlyMap<unknown, Grade>): boolean {
  for (const { grade } of grades.values()) if (grade > 0) return true;
  return false;
}

/** What was not looked for, and is therefore not missing. */
export interface NotLookedFor {
  query(id: string): boolean;
  /** @param grade it has for a query that was looked for */
  document(id: string, grade: number): boolean;
}

const allLookedFor: NotLookedFor = { query: () => false, document: () => false };

/**
 * Judgements by row. Those that name a query or a document in vain are left out.
 * @returns per query row, the grade of each judged corpus row
 */
export function resolveJudgements(
  { file, byQuery }: Judgements,
  { queries, corpus }: { readonly queries: ReadTexts; readonly corpus: ReadTexts },
  ledger: RowLedger,
  notLookedFor = allLookedFor,
): Map<number, number>[] {
  const qrels = queries.ids.map(() => new Map<number, number>());
  const vain: { readonly fate: 'judgementOfNoQuery' | 'judgementOfNoDocument'; line: number; id: string }[] =
    [];
  const [queryOf, documentOf] = [trecIdReader(queries.rows), trecIdReader(corpus.rows)];
  for (const [query, grades] of byQuery) {
    const judged = qrels[queryOf(query) ?? -1];
    if (!judged && notLookedFor.query(query)) continue;
    for (const [document, { grade, line }] of grades) {
      const row = documentOf(document);
      if (!judged) vain.push({ fate: 'judgementOfNoQuery', line, id: query });
      else if (row !== undefined) judged.set(row, grade);
      else if (!notLookedFor.document(document, grade)) {
        vain.push({ fate: 'judgementOfNoDocument', line, id: document });
      }
    }
  }
  // As they stand in the file, not by query.
  vain.sort((a, b) => a.line - b.line);
  for (const { fate, line, id } of vain) ledger.note(fate, { file, line }, id);
  return qrels;
}
