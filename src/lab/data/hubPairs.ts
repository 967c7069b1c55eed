import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { z } from 'zod';
import { type FileContext, parseHubName, request, resolveRevision } from '../models/files.ts';
import { isCancelled, Problem, sentenceOf } from '../problem.ts';
import { columnsByName, type PairColumns } from './columns.ts';
import { type TrainingPair, trainingPairs } from './fromPairs.ts';
import { type Pair, pairsOf } from './pairs.ts';

/** Folders of rows of texts, by preference, as sentence-transformers' data sets call them. */
const subsets = ['triplet', 'pair', 'data', ''];

const treeSchema = z.array(z.object({ type: z.string(), path: z.string(), size: z.int().min(0).default(0) }));
type TreeFile = z.infer<typeof treeSchema>[number];

/**
 * Training pairs of a data set of the hub, such as `sentence-transformers/msmarco-bm25`: the train split of
 * its subset `triplet`, else `pair`, else its only one. Of its Parquet files only the row groups that are
 * needed are fetched, by byte ranges.
 * @param name OWNER/NAME@REVISION
 * @param most pairs to read, from the first on
 * @throws Problem when the data set is not there or has no columns of texts
 */
export async function hubPairs(
  name: string,
  context: FileContext,
  most: number,
  signal?: AbortSignal,
): Promise<TrainingPair[]> {
  const { repository, revision } = parseHubName(name);
  const commit = await resolveRevision(context.hub, repository, revision, signal, 'datasets');
  const source = `hub:${repository}@${commit}`;
  const tree = `${context.hub}/api/datasets/${repository}/tree/${commit}?recursive=true`;
  const listed = treeSchema.parse(await (await request(tree, source, { signal })).json());
  const pairs: Pair[] = [];
  let first = '';
  for (const { path, size } of trainFiles(listed, source)) {
    if (pairs.length >= most) break;
    const file = `${source}/${path}`;
    first ||= file;
    const url = `${context.hub}/datasets/${repository}/resolve/${commit}/${path}`;
    for (const pair of await readParquet(ranges(url, file, size, signal), file, most - pairs.length)) {
      pairs.push(pair);
    }
  }
  return trainingPairs({ file: first, pairs: pairs.slice(0, most), kind: 'pairs', columns: {} });
}

function trainFiles(listed: readonly TreeFile[], source: string): TreeFile[] {
  const folders = new Map<string, TreeFile[]>();
  for (const file of listed) {
    const match = /^(?:(.*)\/)?train\b[^/]*\.parquet$/.exec(file.path);
    if (file.type !== 'file' || !match) continue;
    const folder = match[1] ?? '';
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const names = [...folders.keys()];
  const chosen = subsets.find((subset) => folders.has(subset)) ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw new Problem(
      names.length === 0
        ? 'has no Parquet file of a train split; choose another data set, or download its files and drop them.'
        : `has the subsets ${names.join(', ')}, and none called triplet or pair; download the one you want and drop it.`,
      { file: source },
    );
  }
  return folders.get(chosen)!.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file of the hub, of which parts are fetched. */
function ranges(url: string, what: string, size: number, signal: AbortSignal | undefined): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      const response = await request(url, what, { signal, headers: { Range: `bytes=${start}-${end - 1}` } });
      const bytes = await response.arrayBuffer();
      // A server that does not know ranges sends the whole file.
      return response.status === 200 ? bytes.slice(start, end) : bytes;
    },
  };
}

async function readParquet(buffer: AsyncBuffer, file: string, most: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  try {
    const metadata = await parquetMetadataAsync(buffer);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const columns = columnsByName(names, { file, line: 1 });
    if (columns === null) {
      throw new Problem(
        `has the columns ${names.join(', ')}; a pair needs a query and a document, such as "query" and "positive".`,
        { file },
      );
    }
    const wanted = columnNames(columns);
    let start = 0;
    for (const group of metadata.row_groups) {
      if (pairs.length >= most) break;
      const end = start + Number(group.num_rows);
      const rowEnd = Math.min(end, start + most - pairs.length);
      const rows = await parquetReadObjects({
        file: buffer,
        metadata,
        columns: wanted,
        rowStart: start,
        rowEnd,
      });
      for (const [index, row] of rows.entries()) {
        const cells: Readonly<Record<string, unknown>> = row;
        pairs.push(...pairsOf(columns, (at) => cells[names[at]!], { file, line: start + index + 1 }));
      }
      start = end;
    }
  } catch (error) {
    if (error instanceof Problem || isCancelled(error)) throw error;
    throw new Problem(
      `could not be read as Parquet: ${sentenceOf(error)}; download and drop its pairs as .jsonl.`,
      {
        file,
      },
    );
  }
  return pairs;
}

function columnNames({ query, positive, negatives, score, names }: PairColumns): string[] {
  return [query, positive, ...negatives, ...(score === null ? [] : [score])].map((at) => names[at]!);
}
