import { UserError } from '../../base/userError.ts';
import { linesOf, type NamedSource } from './lines.ts';
import type { ReadTexts } from './texts.ts';

const headerWords = new Set(['query-id', 'query_id', 'queryid', 'qid', 'query']);

export interface Judgement {
  readonly query: string;
  readonly document: string;
  readonly grade: number;
  readonly line: number;
}

/**
 * The judgements of a qrels file: three columns `query corpus score`, with or without a header, or TREC's
 * four, `query 0 document grade`; set apart by tabs or spaces.
 * @throws UserError with file and line
 */
export async function* judgementsOf(source: NamedSource): AsyncGenerator<Judgement> {
  let columns = 0;
  for await (const { text, number: line } of linesOf(source)) {
    if (text.trim() === '') continue;
    const place = { file: source.name, line };
    const cells = (text.includes('\t') ? text.split('\t') : text.trim().split(/\s+/)).map((cell) =>
      cell.trim(),
    );
    if (columns === 0) {
      columns = cells.length;
      if (columns !== 3 && columns !== 4) {
        throw new UserError(
          `has ${count(columns)}; qrels have three (query-id, corpus-id, score), tabs between, or TREC's four.`,
          place,
        );
      }
      if (headerWords.has(cells[0]!.toLowerCase())) continue;
    }
    if (cells.length !== columns) {
      throw new UserError(
        `has ${count(cells.length)} where the lines before have ${columns}; correct the line.`,
        place,
      );
    }
    const [query, document, score] = [cells[0]!, cells[columns - 2]!, cells[columns - 1]!];
    const grade = Number(score);
    if (score === '' || !Number.isFinite(grade)) {
      throw new UserError(`has the score "${score}", which is no number; correct it.`, place);
    }
    yield { query, document, grade, line };
  }
}

function count(columns: number): string {
  return columns === 1 ? '1 column' : `${columns} columns`;
}

/**
 * Reads qrels against their collection.
 * @returns per query row, the grade of each judged corpus row
 * @throws UserError with file and line: an id that is nowhere, a judgement given twice with two grades
 */
export async function readQrels(
  source: NamedSource,
  queries: ReadTexts,
  corpus: ReadTexts,
): Promise<Map<number, number>[]> {
  const qrels = queries.ids.map(() => new Map<number, number>());
  let read = 0;
  for await (const { query, document, grade, line } of judgementsOf(source)) {
    const place = { file: source.name, line };
    const judged = qrels[queries.rows.get(query) ?? -1];
    if (!judged) {
      throw new UserError(
        `names the query "${query}", which is not in ${queries.file}; remove the line or add the query.`,
        place,
      );
    }
    const row = corpus.rows.get(document);
    if (row === undefined) {
      throw new UserError(
        `names the document "${document}", which is not in ${corpus.file}; remove the line or add the document.`,
        place,
      );
    }
    const before = judged.get(row);
    if (before !== undefined && before !== grade) {
      throw new UserError(
        `gives "${document}" the score ${grade} for the query "${query}", and a line before gives ${before}; keep one of them.`,
        place,
      );
    }
    judged.set(row, grade);
    read++;
  }
  if (read === 0) {
    throw new UserError('is empty; it needs one judgement a line: query-id, corpus-id, score.', {
      file: source.name,
    });
  }
  return qrels;
}
