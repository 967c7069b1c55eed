import { Problem } from '../problem.ts';
import { columnsByName, columnsByPlace, type PairColumns } from './columns.ts';
import { csvRows, type DelimitedRow, tsvRows } from './delimited.ts';
import { type NamedSource, recordsOf } from './lines.ts';

/** A query, a document that goes with it, and perhaps documents that do not, or a score. */
export interface Pair {
  readonly query: string;
  readonly positive: string;
  readonly negatives: readonly string[];
  readonly score: number | null;
}

export interface ReadPairs {
  readonly file: string;
  readonly pairs: readonly Pair[];
  readonly kind: 'pairs' | 'triplets' | 'scored pairs';
  /** Name of the column that each role was read from. */
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * Reads pairs, triplets or scored pairs, by the file's ending: .jsonl or .json (one object or array a line),
 * .csv, else tabs. Texts are trimmed.
 * @throws Problem with file and line
 */
export async function readPairs(source: NamedSource): Promise<ReadPairs> {
  const pairs: Pair[] = [];
  let columns: PairColumns | null = null;
  const take = (read: PairColumns, cell: (at: number) => unknown, line: number): void => {
    columns ??= read;
    pairs.push(...pairsOf(read, cell, { file: source.name, line }));
  };
  if (/\.jsonl?$/i.test(source.name)) await readRecords(source, take);
  else await readRows(source, (/\.csv$/i.test(source.name) ? csvRows : tsvRows)(source), take);
  if (columns === null) {
    throw new Problem('is empty; it needs one pair of texts a line.', { file: source.name });
  }
  const { query, positive, negatives, score, names }: PairColumns = columns;
  if (pairs.length === 0) {
    throw new Problem('has a header but no rows; it needs one pair of texts a line.', { file: source.name });
  }
  return {
    file: source.name,
    pairs,
    kind: negatives.length > 0 ? 'triplets' : score !== null ? 'scored pairs' : 'pairs',
    columns: {
      query: names[query]!,
      document: names[positive]!,
      ...(negatives.length > 0 ? { negative: negatives.map((at) => names[at]!).join(', ') } : {}),
      ...(score === null ? {} : { score: names[score]! }),
    },
  };
}

type Take = (columns: PairColumns, cell: (at: number) => unknown, line: number) => void;

async function readRows(source: NamedSource, rows: AsyncIterable<DelimitedRow>, take: Take): Promise<void> {
  let columns: PairColumns | null = null;
  let taken = 0;
  for await (const { cells, line } of rows) {
    const place = { file: source.name, line };
    if (columns === null) {
      columns = columnsByName(cells, place);
      if (columns !== null) continue;
      columns = columnsByPlace(cells, place);
    }
    const { names } = columns;
    if (cells.length !== names.length) {
      throw new Problem(
        `has ${cells.length === 1 ? '1 column' : `${cells.length} columns`} where the first line has ${names.length}; correct the line.`,
        place,
      );
    }
    take(columns, (at) => cells[at], line);
    taken++;
  }
  if (columns !== null && taken === 0) {
    throw new Problem('has a header but no rows; it needs one pair of texts a line.', { file: source.name });
  }
}

async function readRecords(source: NamedSource, take: Take): Promise<void> {
  let columns: PairColumns | null = null;
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    if (typeof value !== 'object' || value === null) {
      throw new Problem('is neither an object nor an array; give each line a query and a document.', place);
    }
    if (Array.isArray(value)) {
      const cells: readonly unknown[] = value;
      columns ??= columnsByPlace(cells.map(String), place);
      take(columns, (at) => cells[at], line);
      continue;
    }
    const record = value as Readonly<Record<string, unknown>>;
    const fields = Object.keys(record);
    columns ??= columnsByName(fields, place);
    if (columns === null) {
      throw new Problem(
        `has ${fields.length === 0 ? 'no fields' : `the fields ${fields.map((name) => `"${name}"`).join(', ')}`}; ` +
          'a pair needs a query and a document, such as "query" and "positive".',
        place,
      );
    }
    const { names } = columns;
    take(columns, (at) => record[names[at]!], line);
  }
}

/**
 * One row; a list of documents (`pos`, `neg` of embedding-training-data) gives a pair each.
 * @throws Problem with file and line where a text is missing
 */
export function pairsOf(
  columns: PairColumns,
  cell: (at: number) => unknown,
  place: { readonly file: string; readonly line: number },
): Pair[] {
  const texts = (at: number, role: string): string[] => {
    const value = cell(at);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((text) => {
      if (text !== undefined && text !== null && typeof text !== 'string') {
        throw new Problem(`has a ${role} that is no text; put it in quotation marks.`, place);
      }
      const trimmed = text?.trim();
      if (!trimmed) throw new Problem(`has an empty ${role}; fill it or remove the line.`, place);
      return trimmed;
    });
  };
  const [query, ...others] = texts(columns.query, 'query');
  if (query === undefined || others.length > 0) {
    throw new Problem('needs exactly one query; break the line into one pair a line.', place);
  }
  const positives = texts(columns.positive, 'document');
  const negatives = columns.negatives.flatMap((at) => texts(at, 'negative'));
  const score = columns.score === null ? null : scoreOf(cell(columns.score), place);
  return positives.map((positive) => ({ query, positive, negatives, score }));
}

function scoreOf(value: unknown, place: { readonly file: string; readonly line: number }): number {
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof score !== 'number' || !Number.isFinite(score)) {
    throw new Problem(`has the score "${String(value ?? '')}", which is no number; correct it.`, place);
  }
  return score;
}
