import { UserError } from '../../../base/userError.ts';
import { columnsByName, type PairColumns } from '../columns.ts';
import { kindOf, type Pair, pairsOf, type ReadPairs } from '../pairs.ts';
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

/**
 * Rows as pairs; those without a query or a document are counted and left out, since nobody can mend a file of
 * the hub.
 */
export class PairReader {
  readonly pairs: Pair[] = [];
  #blank = 0;
  readonly #columns: PairColumns;

  constructor(columns: PairColumns) {
    this.#columns = columns;
  }

  take({ cells, file, line }: Row): void {
    const { query, positive, names } = this.#columns;
    if (isBlank(cells[names[query]!]) || isBlank(cells[names[positive]!])) this.#blank++;
    else this.pairs.push(...pairsOf(this.#columns, (at) => cells[names[at]!], { file, line }));
  }

  done(file: string): ReadPairs {
    if (this.pairs.length === 0) {
      throw new UserError('has no rows with a query and a document; choose other columns.', { file });
    }
    return { file, pairs: this.pairs, blank: this.#blank, ...kindOf(this.#columns) };
  }
}

function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some(isBlank);
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** @param size null reads all rows */
export async function readTablePairs(
  table: Table,
  columns: PairColumns,
  size: SampleSize | null,
  file: string,
): Promise<ReadPairs> {
  const reader = new PairReader(columns);
  const wanted = wantedColumns(columns);
  if (size === null) for await (const row of table.all(wanted)) reader.take(row);
  else for (const row of await table.sample(wanted, size)) reader.take(row);
  return reader.done(file);
}
