import { type FileContext, parseHubName } from '../../models/files.ts';
import { type TrainingPair, trainingPairs } from '../fromPairs.ts';
import { entryOf, type PairLayout } from './entries.ts';
import { splitFiles, trainingSubsets } from './layout.ts';
import { PairReader, pairColumnsOf, wantedColumns } from './pairs.ts';
import { HubRepository } from './repository.ts';
import { openTable } from './table.ts';

/**
 * Training pairs of a data set of the hub, such as `sentence-transformers/msmarco-bm25`: the train split of
 * its subset `triplet`, else `pair`, else its only one; of the paper's collections the columns are known. Of its
 * Parquet files only the row groups that are needed are fetched, by byte ranges.
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
  const repository = await HubRepository.open(name, context, { signal });
  const known = knownPairs(parseHubName(name).repository);
  const files = splitFiles(repository.files, 'train', known?.subset ?? trainingSubsets, repository.source);
  const file = repository.nameOf(files[0]!);
  let reader: PairReader | null = null;
  // File by file, so that the later ones are not even opened when the first hold enough.
  for (const one of files) {
    const table = await openTable(repository, [one]);
    const columns = pairColumnsOf(table, known?.columns ?? null, repository.nameOf(one));
    reader ??= new PairReader(columns);
    for await (const row of table.all(wantedColumns(columns))) {
      reader.take(row);
      if (reader.pairs.length >= most) break;
    }
    if (reader.pairs.length >= most) break;
  }
  const read = (reader as PairReader | null)?.done(file);
  return read ? trainingPairs({ ...read, pairs: read.pairs.slice(0, most) }, known?.columns.threshold) : [];
}

function knownPairs(repository: string): PairLayout | null {
  const layout = entryOf(repository)?.layout;
  return layout?.kind === 'pairs' ? layout : null;
}
