import { UserError } from '../../base/userError.ts';
import { columnsByName, columnsByPlace, type PairColumns } from './columns.ts';
import { csvRows, type DelimitedRow, tsvRows } from './delimited.ts';
import { type NamedSource, recordsOf } from './lines.ts';
import { kindOf, type Pair, pairsOf, type ReadPairs } from './pairs.ts';

/**
 * Reads pairs, triplets or scored pairs, by the file's ending: .jsonl or .json (one object or array a line),
 * .csv, .parquet, else tabs; all but Parquet may be packed by gzip. Texts are trimmed.
 * @throws UserError with file and line
 */
export async function readPairs(source: NamedSource): Promise<ReadPairs> {
  if (/\.parquet$/i.test(source.name)) {
    // The Parquet reader is fetched when it is needed.
    const { readParquetPairs } = await import('./hub/dropped.ts');
    return await readParquetPairs(source);
  }
  const pairs: Pair[] = [];
  let columns: PairColumns | null = null;
  const take = (read: PairColumns, cell: (at: number) => unknown, line: number): void => {
    columns ??= read;
    pairs.push(...pairsOf(read, cell, { file: source.name, line }));
  };
  if (/\.jsonl?(\.gz)?$/i.test(source.name)) await readRecords(source, take);
  else await readRows(source, (/\.csv(\.gz)?$/i.test(source.name) ? csvRows : tsvRows)(source), take);
  if (columns === null) {
    throw new UserError('is empty; it needs one pair of texts a line.', { file: source.name });
  }
  if (pairs.length === 0) {
    throw new UserError('has a header but no rows; it needs one pair of texts a line.', {
      file: source.name,
    });
  }
  return { file: source.name, pairs, ...kindOf(columns) };
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
      throw new UserError(
        `has ${cells.length === 1 ? '1 column' : `${cells.length} columns`} where the first line has ${names.length}; correct the line.`,
        place,
      );
    }
    take(columns, (at) => cells[at], line);
    taken++;
  }
  if (columns !== null && taken === 0) {
    throw new UserError('has a header but no rows; it needs one pair of texts a line.', {
      file: source.name,
    });
  }
}

async function readRecords(source: NamedSource, take: Take): Promise<void> {
  let columns: PairColumns | null = null;
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    if (typeof value !== 'object' || value === null) {
      throw new UserError('is neither an object nor an array; give each line a query and a document.', place);
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
      throw new UserError(
        `has ${fields.length === 0 ? 'no fields' : `the fields ${fields.map((name) => `"${name}"`).join(', ')}`}; ` +
          'a pair needs a query and a document, such as "query" and "positive".',
        place,
      );
    }
    const { names } = columns;
    take(columns, (at) => record[names[at]!], line);
  }
}
