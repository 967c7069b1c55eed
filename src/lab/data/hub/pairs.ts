import { UserError } from '../../../base/userError.ts';
import { columnsByName, type PairColumns } from '../columns.ts';
import { PairReader, type ReadPairs } from '../pairs.ts';
import type { PairNames } from './entries.ts';
import { missingColumn, type Row, type SampleSize, type Table } from './table.ts';

/**
 * Where the columns of pairs stand in a table.
 * @param names null goes by the columns' own names, negatives among them
 * @throws UserError when they are not there
 */
export function pairColumnsOf({ columns }: Table, names: PairNames | null, file: string): PairColumns {
  if (names === null) {
    const found = columnsByName(columns, { file, line: 1 });
    if (found) return found;
    throw new UserError(
      `has the columns ${columns.join(', ')}; a pair needs a query and a document, such as "query" and "positive". Choose the columns, in the spec as "columns".`,
      { file },
    );
  }
  const at = (name: string): number => {
    const index = columns.indexOf(name);
    if (index < 0) throw missingColumn(name, columns, file);
    return index;
  };
  return {
    query: at(names.query),
    positive: at(names.document),
    negatives: [],
    score: names.score === undefined ? null : at(names.score),
    names: columns,
  };
}

/** The columns that are read. */
export function wantedColumns({ query, positive, negatives, score, names }: PairColumns): string[] {
  return [...new Set([query, positive, ...negatives, ...(score === null ? [] : [score])])].map(
    (at) => names[at]!,
  );
}

/** @param size null reads all rows */
export async function readTablePairs(
  table: Table,
  names: PairNames | null,
  size: SampleSize | null,
  file: string,
): Promise<ReadPairs> {
  const columns = pairColumnsOf(table, names, file);
  const reader = new PairReader(columns);
  const wanted = wantedColumns(columns);
  const take = takeRows(reader, names);
  if (size === null) for await (const row of table.all(wanted)) take(row);
  else for (const row of await table.sample(wanted, size)) take(row);
  return reader.done(file);
}

/** @param names columns that were chosen; with them, others are not looked at */
export function takeRows(reader: PairReader, names: PairNames | null): (row: Row) => void {
  return ({ cells, file, line }) => {
    const place = { file, line };
    if (names === null) reader.meet(Object.keys(cells), place);
    reader.takeRecord(cells, place);
  };
}
