import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';

type Options = Partial<Pick<ParquetWriteOptions, 'rowGroupSize' | 'codec' | 'compressors'>>;

/** A Parquet file of these columns; bigints become INT64, as ids of the hub are. */
export function parquet(
  columns: Readonly<Record<string, readonly (string | bigint | number | null)[]>>,
  options: Options = {},
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(columns).map(([name, data]) => ({ name, data: [...data] })),
      ...options,
    }),
  );
}
