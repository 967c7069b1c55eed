import { UserError } from '../../../base/userError.ts';
import { columnsByName } from '../columns.ts';
import type { NamedSource } from '../lines.ts';
import { PairReader, type ReadPairs } from '../pairs.ts';
import { wantedColumns } from './pairs.ts';
import { ParquetFile } from './parquet.ts';

/** Reads pairs of a Parquet file that is here whole. @throws UserError when it is none, or has no columns of texts */
export async function readParquetPairs(source: NamedSource): Promise<ReadPairs> {
  const bytes = await new Response(await source.stream()).arrayBuffer();
  const file = await ParquetFile.open(source.name, bytes);
  const columns = columnsByName(file.columns, { file: source.name, line: 1 });
  if (columns === null) {
    throw new UserError(
      `has the columns ${file.columns.join(', ')}; a pair needs a query and a document, such as "query" and "positive".`,
      { file: source.name },
    );
  }
  const reader = new PairReader(columns);
  for await (const { row, cells } of file.read([...file.groups.keys()], wantedColumns(columns))) {
    reader.takeRecord(cells, { file: source.name, line: row + 1 });
  }
  return reader.done(source.name);
}
