import { generator, permutation } from '../../../base/random.ts';
import { UserError } from '../../../base/userError.ts';
import { csvRows, tsvRows, wrongCount } from '../delimited.ts';
import type { NamedSource } from '../lines.ts';
import { recordsOf } from '../records.ts';
import { ParquetFile } from './parquet.ts';
import type { HubFile, HubRepository } from './repository.ts';
import { LowestRanks, rankOf, spreadBytes, spreadGroups } from './sampling.ts';

export interface Row {
  readonly file: string;
  /** In its file, from 1. */
  readonly line: number;
  /** In the whole table, from 0. */
  readonly order: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

export interface SampleSize {
  readonly rows: number;
  readonly seed: number;
}

/** Rows of one or several files of the same columns. */
export interface Table {
  readonly columns: readonly string[];
  /** null where only reading it tells. */
  readonly rows: number | null;
  all(columns: readonly string[]): AsyncGenerator<Row>;
  /** The first rows, with all columns. */
  first(count: number): Promise<Row[]>;
  /** A seeded sample in the table's order, of which no more is held than the sample. */
  sample(columns: readonly string[], size: SampleSize): Promise<Row[]>;
}

/** @throws UserError when a file is broken or the files' columns differ */
export async function openTable(repository: HubRepository, files: readonly HubFile[]): Promise<Table> {
  const [first] = files;
  if (!first) throw new UserError('has no files to read.', { file: repository.source });
  return /\.parquet$/i.test(first.path)
    ? await ParquetTable.open(repository, files)
    : await LinesTable.open(files.map((file) => ({ source: repository.stream(file), path: file.path })));
}

interface GroupOfTable {
  readonly file: ParquetFile;
  readonly index: number;
  /** Where its first row stands in the table. */
  readonly order: number;
  readonly rows: number;
}

/** Parquet files, of which a sample fetches groups of rows only: seeded ones, and of their rows seeded ones. */
export class ParquetTable implements Table {
  readonly columns: readonly string[];
  readonly rows: number;
  readonly #groups: readonly GroupOfTable[];

  private constructor(files: readonly ParquetFile[]) {
    this.columns = files[0]?.columns ?? [];
    let order = 0;
    this.#groups = files.flatMap((file) =>
      file.groups.map(({ rows }, index) => {
        order += rows;
        return { file, index, rows, order: order - rows };
      }),
    );
    this.rows = order;
  }

  static async open(repository: HubRepository, files: readonly HubFile[]): Promise<ParquetTable> {
    const opened: ParquetFile[] = [];
    for (const file of files)
      opened.push(await ParquetFile.open(repository.nameOf(file), repository.ranges(file)));
    return new ParquetTable(opened);
  }

  all(columns: readonly string[]): AsyncGenerator<Row> {
    return this.#read(this.#groups, columns);
  }

  async first(count: number): Promise<Row[]> {
    const [group] = this.#groups;
    if (!group) return [];
    const rows = await group.file.first(count);
    return rows.map((cells, row) => ({ file: group.file.name, line: row + 1, order: row, cells }));
  }

  async sample(columns: readonly string[], { rows, seed }: SampleSize): Promise<Row[]> {
    const lowest = new LowestRanks<Row>(rows);
    for await (const row of this.#read(this.seededGroups(columns, { rows, seed }), columns)) {
      lowest.offer(rankOf(seed, row.order), row.order, row);
    }
    return lowest.items();
  }

  /** Groups in a seeded order until they hold the rows that are wanted, and are spread widely enough. */
  seededGroups(columns: readonly string[], { rows, seed }: SampleSize): GroupOfTable[] {
    const chosen: GroupOfTable[] = [];
    let held = 0;
    let bytes = 0;
    for (const at of permutation(this.#groups.length, generator(seed))) {
      if (held >= rows && (chosen.length >= spreadGroups || bytes >= spreadBytes)) break;
      const group = this.#groups[at]!;
      chosen.push(group);
      held += group.rows;
      bytes += group.file.bytesOf(group.index, columns);
    }
    return chosen;
  }

  /** Groups that may hold one of some numbers in a column; all of them where the files do not say. */
  groupsWith(column: string, numbers: readonly number[]): GroupOfTable[] {
    const sorted = Float64Array.from(numbers).sort();
    const bounds = new Map(
      [...new Set(this.#groups.map(({ file }) => file))].map((file) => [file, file.bounds(column)]),
    );
    return this.#groups.filter(({ file, index }) => {
      const found = bounds.get(file)?.[index];
      return !found || holdsBetween(sorted, found[0], found[1]);
    });
  }

  /** Groups that begin at one of the rows [from, to). */
  groupsFrom([from, to]: readonly [number, number]): GroupOfTable[] {
    return this.#groups.filter(({ order }) => order >= from && order < to);
  }

  /** @param groups in any order; rows come in the table's */
  async *readGroups(groups: Iterable<GroupOfTable>, columns: readonly string[]): AsyncGenerator<Row> {
    yield* this.#read([...new Set(groups)], columns);
  }

  async *#read(groups: readonly GroupOfTable[], columns: readonly string[]): AsyncGenerator<Row> {
    const byFile = new Map<ParquetFile, GroupOfTable[]>();
    for (const group of [...groups].sort((a, b) => a.order - b.order)) {
      byFile.set(group.file, [...(byFile.get(group.file) ?? []), group]);
    }
    for (const [file, wanted] of byFile) {
      const missing = columns.find((name) => !file.columns.includes(name));
      if (missing !== undefined) throw missingColumn(missing, file.columns, file.name);
      const first = wanted[0]!;
      const fileStart = first.order - file.groups[first.index]!.start;
      for await (const { row, cells } of file.read(
        wanted.map(({ index }) => index),
        columns,
      )) {
        yield { file: file.name, line: row + 1, order: fileStart + row, cells };
      }
    }
  }
}

export function missingColumn(name: string, columns: readonly string[], file: string): UserError {
  return new UserError(
    `has no column "${name}"; it has ${columns.join(', ')}. Choose the columns, in the spec as "columns".`,
    { file },
  );
}

function holdsBetween(sorted: Float64Array, least: number, greatest: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low]! <= greatest;
}

interface NamedFile {
  readonly source: NamedSource;
  readonly path: string;
}

/** Files of lines (.jsonl, .csv, .tsv, packed or not), read from their beginning. */
class LinesTable implements Table {
  readonly columns: readonly string[];
  readonly rows = null;
  readonly #files: readonly NamedFile[];

  private constructor(files: readonly NamedFile[], columns: readonly string[]) {
    this.#files = files;
    this.columns = columns;
  }

  static async open(files: readonly NamedFile[]): Promise<LinesTable> {
    for (const file of files) {
      for await (const { cells } of recordsIn(file)) return new LinesTable(files, Object.keys(cells));
    }
    throw new UserError('is empty; choose another file.', { file: files[0]?.source.name });
  }

  async *all(columns: readonly string[]): AsyncGenerator<Row> {
    const missing = columns.find((name) => !this.columns.includes(name));
    if (missing !== undefined) throw missingColumn(missing, this.columns, this.#files[0]!.source.name);
    let order = 0;
    for (const file of this.#files) {
      for await (const { cells, line } of recordsIn(file)) {
        yield { file: file.source.name, line, order: order++, cells };
      }
    }
  }

  async first(count: number): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.all([])) {
      rows.push(row);
      if (rows.length === count) break;
    }
    return rows;
  }

  async sample(columns: readonly string[], { rows, seed }: SampleSize): Promise<Row[]> {
    const lowest = new LowestRanks<Row>(rows);
    for await (const row of this.all(columns)) lowest.offer(rankOf(seed, row.order), row.order, row);
    return lowest.items();
  }
}

async function* recordsIn({
  source,
  path,
}: NamedFile): AsyncGenerator<{ readonly cells: Readonly<Record<string, unknown>>; readonly line: number }> {
  const delimited = /\.(csv|tsv)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (delimited) {
    let names: readonly string[] | null = null;
    for await (const { cells, line } of delimited === 'csv' ? csvRows(source) : tsvRows(source)) {
      if (names === null) {
        names = cells.map((cell) => cell.trim());
        continue;
      }
      const header = names;
      if (cells.length < header.length || cells.slice(header.length).some((cell) => cell.trim() !== '')) {
        throw wrongCount(cells.length, header.length, { file: source.name, line });
      }
      yield {
        line,
        cells: Object.fromEntries(header.map((name, at) => [name, cells[at]])),
      };
    }
    return;
  }
  for await (const { value, line } of recordsOf(source)) {
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      yield { line, cells: Object.fromEntries(list.map((cell, at) => [`column ${at + 1}`, cell])) };
    } else if (typeof value === 'object' && value !== null) {
      yield { line, cells: value as Readonly<Record<string, unknown>> };
    } else {
      throw new UserError('is neither an object nor an array; choose another file.', {
        file: source.name,
        line,
      });
    }
  }
}
