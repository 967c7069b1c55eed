import Papa from 'papaparse';
import { Problem } from '../problem.ts';
import type { CollectionHead, ReadCollection } from './beir.ts';
import { linesOf, type NamedSource, recordsOf } from './lines.ts';

/** What a column of a file of pairs holds, by the names that sentence-transformers' data sets use. */
const columnNames = {
  query: ['query', 'anchor', 'question', 'sentence1', 'sentence_a', 'text1', 'text_a', 'premise', 'title'],
  positive: [
    'positive',
    'pos',
    'answer',
    'passage',
    'document',
    'sentence2',
    'sentence_b',
    'text2',
    'text_b',
    'hypothesis',
    'response',
    'context',
    'text',
  ],
  negative: ['negative', 'neg', 'negative_1', 'hard_negative'],
  score: ['score', 'similarity_score', 'label', 'similarity'],
} as const;
export type ColumnRole = keyof typeof columnNames;

export interface PairRow {
  readonly query: string;
  readonly positive: string;
  readonly negative?: string;
  readonly score?: number;
  readonly line: number;
}

export interface ReadPairs {
  readonly rows: readonly PairRow[];
  /** The role of each column, by its name or, without a header, its number from 1. */
  readonly columns: Readonly<Partial<Record<ColumnRole, string>>>;
}

/** Scored pairs count as relevant above this share of the file's highest score, as the paper does with STSB. */
export const relevantShare = 0.5;

function roleOf(name: string): ColumnRole | undefined {
  const low = name.trim().toLowerCase();
  return (Object.keys(columnNames) as ColumnRole[]).find((role) =>
    (columnNames[role] as readonly string[]).includes(low),
  );
}

interface RawRow {
  readonly cells: readonly string[];
  readonly line: number;
}

async function tsvRows(source: NamedSource): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const { text, number } of linesOf(source)) {
    if (text.trim() !== '') rows.push({ cells: text.split('\t'), line: number });
  }
  return rows;
}

async function csvRows(source: NamedSource): Promise<RawRow[]> {
  const lines: string[] = [];
  for await (const { text } of linesOf(source)) lines.push(text);
  const rows: RawRow[] = [];
  let line = 1;
  Papa.parse<string[]>(lines.join('\n'), {
    delimiter: ',',
    newline: '\n',
    step: ({ data, errors }) => {
      const quote = errors.find(({ type }) => type === 'Quotes');
      if (quote)
        throw new Problem(`has a quotation mark that is not closed; close it or double it.`, {
          file: source.name,
          line,
        });
      if (data.length > 1 || data[0]?.trim()) rows.push({ cells: data, line });
      line += 1 + data.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
    },
  });
  return rows;
}

/** Roles of the columns, from a header or, without one, from their number and what the third holds. */
function rolesOf(
  rows: readonly RawRow[],
  source: NamedSource,
): { roles: ColumnRole[]; names: string[]; header: boolean } {
  const [first] = rows;
  if (!first) throw new Problem('is empty; it needs one pair of texts a line.', { file: source.name });
  const named = first.cells.map(roleOf);
  if (named.includes('query') && named.includes('positive')) {
    return { roles: named as ColumnRole[], names: [...first.cells], header: true };
  }
  const count = first.cells.length;
  if (count !== 2 && count !== 3) {
    throw new Problem(
      `has ${count} ${count === 1 ? 'column' : 'columns'}; a file of pairs has two (query, document), three (with a score or a negative), ` +
        'or a header that names them, such as query, positive, negative.',
      { file: source.name, line: first.line },
    );
  }
  const scored = count === 3 && rows.every(({ cells }) => cells[2] !== undefined && isNumber(cells[2]));
  const roles: ColumnRole[] = ['query', 'positive'];
  if (count === 3) roles.push(scored ? 'score' : 'negative');
  return { roles, names: roles.map((_, index) => `column ${index + 1}`), header: false };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

async function readDelimited(source: NamedSource, rows: readonly RawRow[]): Promise<ReadPairs> {
  const { roles, names, header } = rolesOf(rows, source);
  const at = (role: ColumnRole): number => roles.indexOf(role);
  const read: PairRow[] = [];
  for (const { cells, line } of header ? rows.slice(1) : rows) {
    if (cells.length !== names.length) {
      throw new Problem(
        `has ${cells.length} columns where the first line has ${names.length}; correct the line.`,
        {
          file: source.name,
          line,
        },
      );
    }
    const cell = (role: ColumnRole): string | undefined => (at(role) < 0 ? undefined : cells[at(role)]);
    read.push(
      checkedRow(
        {
          query: cell('query'),
          positive: cell('positive'),
          negative: cell('negative'),
          score: cell('score'),
        },
        source,
        line,
      ),
    );
  }
  if (read.length === 0)
    throw new Problem('has a header but no rows; it needs one pair a line.', { file: source.name });
  return {
    rows: read,
    columns: Object.fromEntries(roles.flatMap((role, index) => (role ? [[role, names[index]!]] : []))),
  };
}

async function readJsonl(source: NamedSource): Promise<ReadPairs> {
  const rows: PairRow[] = [];
  let columns: Partial<Record<ColumnRole, string>> = {};
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    const record: Record<string, unknown> = Array.isArray(value)
      ? Object.fromEntries(
          value.map((cell, index) => [['query', 'positive', 'negative'][index] ?? `column ${index}`, cell]),
        )
      : ((value ?? {}) as Record<string, unknown>);
    if (rows.length === 0) {
      columns = {};
      for (const name of Object.keys(record)) {
        const role = roleOf(name);
        if (role && columns[role] === undefined) columns[role] = name;
      }
      if (columns.query === undefined || columns.positive === undefined) {
        const fields = Object.keys(record);
        throw new Problem(
          `has the fields ${fields.map((name) => `"${name}"`).join(', ') || 'of no object'}; a pair needs a query and a document, such as "query" and "positive".`,
          place,
        );
      }
    }
    const cell = (role: ColumnRole): unknown =>
      columns[role] === undefined ? undefined : record[columns[role]];
    rows.push(
      checkedRow(
        {
          query: cell('query'),
          positive: cell('positive'),
          negative: cell('negative'),
          score: cell('score'),
        },
        source,
        line,
      ),
    );
  }
  if (rows.length === 0)
    throw new Problem('is empty; it needs one pair of texts a line.', { file: source.name });
  return { rows, columns };
}

function checkedRow(
  cells: Readonly<Record<ColumnRole, unknown>>,
  source: NamedSource,
  line: number,
): PairRow {
  const place = { file: source.name, line };
  const text = (role: 'query' | 'positive' | 'negative'): string => {
    const value = cells[role];
    if (typeof value !== 'string' || value.trim() === '') {
      throw new Problem(
        `has an empty ${role === 'positive' ? 'document' : role}; fill it or remove the line.`,
        place,
      );
    }
    return value.trim();
  };
  const row = { query: text('query'), positive: text('positive'), line };
  const score = cells.score === undefined ? undefined : Number(cells.score);
  if (score !== undefined && !Number.isFinite(score)) {
    throw new Problem(`has the score "${String(cells.score)}", which is no number; correct it.`, place);
  }
  return {
    ...row,
    ...(cells.negative === undefined ? {} : { negative: text('negative') }),
    ...(score === undefined ? {} : { score }),
  };
}

/** Reads pairs, triplets or scored pairs by the file's ending: .jsonl, .csv, else tabs. @throws Problem */
export async function readPairs(source: NamedSource): Promise<ReadPairs> {
  if (/\.jsonl?$/i.test(source.name)) return await readJsonl(source);
  return await readDelimited(source, await (/\.csv$/i.test(source.name) ? csvRows : tsvRows)(source));
}

/**
 * Makes a collection of pairs: the first text is the query, the second the document; equal texts are
 * one, and all documents paired with a query are relevant to it. Negatives and the second texts of
 * pairs scored too low are documents that are relevant to no query of theirs.
 */
export function collectionOfPairs(pairs: ReadPairs, head: CollectionHead, file: string): ReadCollection {
  const queries = new Map<string, number>();
  const documents = new Map<string, number>();
  const rowIn = (table: Map<string, number>, text: string): number => {
    const row = table.get(text) ?? table.size;
    table.set(text, row);
    return row;
  };
  const scores = pairs.rows.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const least =
    scores.length > 0 ? relevantShare * scores.reduce((most, score) => Math.max(most, score), 0) : null;
  const qrels: Map<number, number>[] = [];
  let low = 0;
  for (const { query, positive, negative, score } of pairs.rows) {
    const d = rowIn(documents, positive);
    if (negative !== undefined) rowIn(documents, negative);
    if (least !== null && score !== undefined && !(score > least)) {
      low++;
      continue;
    }
    const q = rowIn(queries, query);
    const judged = qrels[q] ?? new Map<number, number>();
    judged.set(d, 1);
    qrels[q] = judged;
  }
  if (queries.size === 0)
    throw new Problem('has no pair scored above half of its highest score; check the score column.', {
      file,
    });
  const warnings =
    low > 0 && least !== null
      ? [
          `${low} of ${pairs.rows.length} pairs score ${least} or less, half of the highest score; they count as not relevant.`,
        ]
      : [];
  const ids = (table: Map<string, number>, letter: string): string[] =>
    Array.from({ length: table.size }, (_, row) => `${letter}${row + 1}`);
  return {
    collection: {
      ...head,
      corpus: { ids: ids(documents, 'd'), texts: [...documents.keys()] },
      queries: { ids: ids(queries, 'q'), texts: [...queries.keys()] },
      qrels,
    },
    warnings,
  };
}
