import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type RowGroup,
  snappyUncompress,
} from 'hyparquet';
import { isCancelled, sentenceOf, UserError } from '../../../base/userError.ts';
import { mayGrow, tooGrown } from '../../formats/gzip.ts';

/** Rows that lie together in a file and are fetched together. */
export interface ParquetGroup {
  /** Where its first row stands in the file. */
  readonly start: number;
  readonly rows: number;
}

/** Least and greatest value of a column in a group. */
export type Bounds = readonly [number, number];

/** Bytes at a file's end that are fetched at once; as hyparquet's own. */
const firstRequest = 2 ** 19;

/** Parts that lie together are fetched by one request, up to this many bytes. */
const longestRequest = 8 * 2 ** 20;

/** Requests under way besides the one that is waited for. */
const mostAhead = 3;

/** A Parquet file of which only the columns and groups that are asked for are fetched. */
export class ParquetFile {
  readonly name: string;
  readonly columns: readonly string[];
  readonly groups: readonly ParquetGroup[];
  readonly #buffer: AsyncBuffer;
  readonly #metadata: FileMetaData;

  private constructor(name: string, buffer: AsyncBuffer, metadata: FileMetaData) {
    this.name = name;
    this.#buffer = buffer;
    this.#metadata = metadata;
    this.columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    let start = 0;
    this.groups = metadata.row_groups.map(({ num_rows }) => {
      const rows = Number(num_rows);
      start += rows;
      return { start: start - rows, rows };
    });
  }

  get rows(): number {
    return Number(this.#metadata.num_rows);
  }

  /** Reads what stands at the file's end. @throws UserError when it is no Parquet */
  static async open(name: string, file: AsyncBuffer): Promise<ParquetFile> {
    const buffer = await withEnd(file);
    return await inWords(name, async () => {
      const metadata = await parquetMetadataAsync(buffer);
      checkMetadata(metadata, file.byteLength, name);
      return new ParquetFile(name, buffer, metadata);
    });
  }

  /** Bytes that reading some columns of a group fetches. */
  bytesOf(group: number, columns: readonly string[]): number {
    const [first, end] = this.#span(this.#group(group), columns);
    return end - first;
  }

  /** Bounds of a column of numbers in each group; null where the file does not say. */
  bounds(column: string): (Bounds | null)[] {
    return this.#metadata.row_groups.map(({ columns }) => {
      const { statistics } =
        columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column)?.meta_data ?? {};
      const least = numberOf(statistics?.min_value ?? statistics?.min);
      const greatest = numberOf(statistics?.max_value ?? statistics?.max);
      return least === null || greatest === null ? null : [least, greatest];
    });
  }

  /**
   * Rows of some groups, in the file's order.
   * @param groups indices, ascending
   * @throws UserError when the file is broken
   */
  async *read(
    groups: readonly number[],
    columns: readonly string[],
  ): AsyncGenerator<{ readonly row: number; readonly cells: Readonly<Record<string, unknown>> }> {
    const compressors = await this.#compressors();
    const runs = this.#runs(groups, columns);
    const coming: Promise<AsyncBuffer>[] = [];
    for (const [at, run] of runs.entries()) {
      // The further it is read, the more is asked for ahead: a reader that soon has enough wastes little.
      const ahead = runs.slice(at + coming.length, at + 1 + Math.min(at, mostAhead));
      for (const next of ahead) {
        const fetched = this.#fetched(next, columns);
        // Whether it failed is told when its turn comes.
        fetched.catch(() => {});
        coming.push(fetched);
      }
      const file = coming.shift();
      const first = this.groups[run[0]!]!;
      const last = this.groups[run.at(-1)!]!;
      const rows = await inWords(this.name, async () =>
        parquetReadObjects({
          file: (await file) ?? this.#buffer,
          metadata: this.#metadata,
          columns: [...columns],
          rowStart: first.start,
          rowEnd: last.start + last.rows,
          compressors,
        }),
      );
      for (const [index, cells] of rows.entries()) yield { row: first.start + index, cells };
    }
  }

  /** The first rows; of a long group only the pages that hold them, where the file says where they are. */
  async first(count: number): Promise<Readonly<Record<string, unknown>>[]> {
    const compressors = await this.#compressors();
    return await inWords(this.name, () =>
      parquetReadObjects({
        file: this.#buffer,
        metadata: this.#metadata,
        rowStart: 0,
        rowEnd: Math.min(count, this.rows),
        useOffsetIndex: true,
        compressors,
      }),
    );
  }

  #group(index: number): RowGroup {
    return this.#metadata.row_groups[index]!;
  }

  /** First byte and end of some columns of a group, with what lies between. */
  #span({ columns }: RowGroup, wanted: readonly string[]): [number, number] {
    let first = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const { meta_data } of columns) {
      if (!meta_data || !wanted.includes(meta_data.path_in_schema[0] ?? '')) continue;
      const start = Number(meta_data.dictionary_page_offset ?? meta_data.data_page_offset);
      first = Math.min(first, start, Number(meta_data.data_page_offset));
      end = Math.max(end, start + Number(meta_data.total_compressed_size));
    }
    return [first, end];
  }

  /** Groups that follow one another in the file, as many as one request fetches. */
  #runs(groups: readonly number[], columns: readonly string[]): number[][] {
    const runs: number[][] = [];
    let start = 0;
    for (const group of groups) {
      if (this.groups[group]?.rows === 0) continue;
      const run = runs.at(-1);
      const [first, end] = this.#span(this.#group(group), columns);
      if (run && run.at(-1) === group - 1 && end - start <= longestRequest) {
        run.push(group);
      } else {
        runs.push([group]);
        start = first;
      }
    }
    return runs;
  }

  /** The run's bytes in one piece, where most of them are wanted and they are not too many. */
  async #fetched(run: readonly number[], columns: readonly string[]): Promise<AsyncBuffer> {
    const [first] = this.#span(this.#group(run[0]!), columns);
    const [, end] = this.#span(this.#group(run.at(-1)!), columns);
    const wanted = run.reduce((sum, group) => sum + this.#wanted(this.#group(group), columns), 0);
    const file = this.#buffer;
    if (end - first > longestRequest || wanted < (end - first) / 2) return file;
    const piece = await file.slice(first, end);
    return {
      byteLength: file.byteLength,
      slice: (from, to = file.byteLength) =>
        from >= first && to <= end ? piece.slice(from - first, to - first) : file.slice(from, to),
    };
  }

  #wanted({ columns }: RowGroup, wanted: readonly string[]): number {
    return columns.reduce(
      (sum, { meta_data }) =>
        meta_data && wanted.includes(meta_data.path_in_schema[0] ?? '')
          ? sum + Number(meta_data.total_compressed_size)
          : sum,
      0,
    );
  }

  /** Snappy is read by hyparquet itself; the other codecs are fetched when a file has them. */
  async #compressors(): Promise<Compressors> {
    const codecs = this.#metadata.row_groups[0]?.columns.map(({ meta_data }) => meta_data?.codec) ?? [];
    const own: Compressors = { SNAPPY: snappy };
    const known = codecs.every((codec) => codec === 'SNAPPY' || codec === 'UNCOMPRESSED')
      ? own
      : { ...(await import('hyparquet-compressors')).compressors, ...own };
    let packedSoFar = 0;
    let grownSoFar = 0;
    // A page's header says how long it becomes, and so much is reserved for it.
    return Object.fromEntries(
      Object.entries(known).map(([codec, unpack]) => [
        codec,
        (packed: Uint8Array, length: number): Uint8Array => {
          packedSoFar += packed.length;
          grownSoFar += length;
          if (!mayGrow(packedSoFar, grownSoFar)) throw tooGrown(this.name);
          return unpack(packed, length);
        },
      ]),
    );
  }
}

function snappy(packed: Uint8Array, length: number): Uint8Array {
  const page = new Uint8Array(length);
  snappyUncompress(packed, page);
  return page;
}

/** Rows of a group that are held at once. */
const mostGroupRows = 2 ** 26;

/** What a cell takes at least once it is read: equal cells may be packed into nothing. */
const bytesOfCell = 8;

/** @throws Error where the table of contents says what cannot be, UserError for more rows than fit such a file */
function checkMetadata({ row_groups }: FileMetaData, bytes: number, file: string): void {
  for (const { num_rows, columns } of row_groups) {
    const packed = columns.reduce(
      (sum, { meta_data }) => sum + Number(meta_data?.total_compressed_size ?? 0),
      0,
    );
    if (num_rows < 0 || num_rows > mostGroupRows) {
      throw new RangeError(`a group of ${num_rows} rows, of which at most ${mostGroupRows} are held at once`);
    }
    if (!mayGrow(packed, Number(num_rows) * columns.length * bytesOfCell)) throw tooGrown(file);
    for (const { meta_data } of columns) {
      if (!meta_data) continue;
      const start = Number(meta_data.dictionary_page_offset ?? meta_data.data_page_offset);
      const length = Number(meta_data.total_compressed_size);
      if (!(start >= 0 && length >= 0 && start + length <= bytes)) {
        throw new RangeError(`the column ${meta_data.path_in_schema.join('.')} lies outside the file`);
      }
    }
  }
}

/** A file whose end, where its table of contents stands, is fetched once; a small file is fetched whole by it. */
async function withEnd(file: AsyncBuffer): Promise<AsyncBuffer> {
  const first = Math.max(0, file.byteLength - firstRequest);
  const end = await file.slice(first, file.byteLength);
  return {
    byteLength: file.byteLength,
    slice: (from, to = file.byteLength) =>
      from >= first ? end.slice(from - first, to - first) : file.slice(from, to),
  };
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : null;
}

async function inWords<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError || isCancelled(error)) throw error;
    throw new UserError(
      `could not be read as Parquet: ${sentenceOf(error)}; take another file, or its pairs as .jsonl.`,
      {
        file,
      },
    );
  }
}
