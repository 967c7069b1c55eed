import { UserError } from '../../base/userError.ts';
import { columnsByName, columnsByPlace, isUnknownHeader, type PairColumns } from './columns.ts';
import { csvRows, type DelimitedRow, tsvRows, wrongCount } from './delimited.ts';
import type { NamedSource } from './lines.ts';
import { PairReader, type ReadPairs } from './pairs.ts';
import { recordsOf } from './records.ts';
import { textOfCell } from './texts.ts';

/**
 * Reads pairs, triplets or scored pairs, by the file's ending: .jsonl or .json (one object or array a line, or an
 * array of them), .csv, .parquet, else tabs; all but Parquet may be packed by gzip. Texts are trimmed.
 * @throws UserError with file and line
 */
export async function readPairs(source: NamedSource): Promise<ReadPairs> {
  if (/\.parquet$/i.test(source.name)) {
    // The Parquet reader is fetched when it is needed.
    const { readParquetPairs } = await import('./hub/dropped.ts');
    return await readParquetPairs(source);
  }
  const reader = /\.jsonl?(\.gz)?$/i.test(source.name)
    ? await readRecords(source)
    : await readRows(source, (/\.csv(\.gz)?$/i.test(source.name) ? csvRows : tsvRows)(source));
  if (reader === null) {
    throw new UserError('is empty; it needs one pair of texts a line.', { file: source.name });
  }
  return reader.done(source.name);
}

async function readRows(source: NamedSource, rows: AsyncIterable<DelimitedRow>): Promise<PairReader | null> {
  let columns: PairColumns | null = null;
  let reader: PairReader | null = null;
  /** A first line that may be a header of names that are not known. */
  let doubtful: DelimitedRow | null = null;
  const take = ({ cells, line }: DelimitedRow, to: PairReader): void => {
    const place = { file: source.name, line };
    if (cells.length < to.names.length) throw wrongCount(cells.length, to.names.length, place);
    to.takeList(cells, place);
  };
  for await (const row of rows) {
    const place = { file: source.name, line: row.line };
    if (columns === null || reader === null) {
      columns = columnsByName(row.cells, place);
      if (columns === null) {
        columns = columnsByPlace(row.cells, place);
        doubtful = row;
      }
      reader = new PairReader(columns);
      continue;
    }
    if (doubtful) {
      if (isUnknownHeader(columns, row.cells)) {
        columns = { ...columns, negatives: [], score: 2, names: doubtful.cells };
        reader = new PairReader(columns);
      } else {
        take(doubtful, reader);
      }
      doubtful = null;
    }
    take(row, reader);
  }
  if (doubtful && columns && reader) take(doubtful, reader);
  else if (reader?.rows === 0) {
    throw new UserError('has a header but no rows; it needs one pair of texts a line.', {
      file: source.name,
    });
  }
  return reader;
}

async function readRecords(source: NamedSource): Promise<PairReader | null> {
  let reader: PairReader | null = null;
  for await (const { value, line } of recordsOf(source)) {
    const place = { file: source.name, line };
    if (typeof value !== 'object' || value === null) {
      throw new UserError('is neither an object nor an array; give each line a query and a document.', place);
    }
    if (Array.isArray(value)) {
      const cells: readonly unknown[] = value;
      reader ??= new PairReader(columnsByPlace(cells.map(textOfCell), place));
      reader.takeList(cells, place);
      continue;
    }
    const record = value as Readonly<Record<string, unknown>>;
    const fields = Object.keys(record);
    if (reader === null) {
      const columns = columnsByName(fields, place);
      if (columns === null) {
        throw new UserError(
          `has ${fields.length === 0 ? 'no fields' : `the fields ${fields.map((name) => `"${name}"`).join(', ')}`}; ` +
            'a pair needs a query and a document, such as "query" and "positive".',
          place,
        );
      }
      reader = new PairReader(columns);
    }
    reader.meet(fields, place);
    reader.takeRecord(record, place);
  }
  return reader;
}
