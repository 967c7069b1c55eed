import { parseHubName } from '../../hub/name.ts';
import type { FileContext } from '../../hub/source.ts';
import type { PairColumnsSpec } from '../../spec/spec.ts';
import { pairsOfCollection, type TrainingPairs, trainingPairs } from '../fromPairs.ts';
import { PairReader } from '../pairs.ts';
import { readHubBeir } from './beir.ts';
import { entryOf } from './entries.ts';
import { splitFiles, trainingSubsets } from './layout.ts';
import { beirTexts, isBeir, openJudgements } from './load.ts';
import { pairColumnsOf, takeRows, wantedColumns } from './pairs.ts';
import { type HubOptions, HubRepository } from './repository.ts';
import { openTable } from './table.ts';

interface PairOptions extends HubOptions {
  /** Pairs to read, from the first on. */
  readonly most: number;
  /** Else known for the paper's collections, or told by their names. */
  readonly columns?: PairColumnsSpec;
}

const split = 'train';

/**
 * Training pairs of a data set of the hub, such as `sentence-transformers/msmarco-bm25`: the train split of
 * its subset `triplet`, else `pair`, else its only one. Of its Parquet files only the row groups that are
 * needed are fetched, by byte ranges. Of BEIR's layout, each query of the train split with each of its relevant
 * documents.
 * @param name OWNER/NAME@REVISION
 * @throws UserError when the data set is not there or has no columns of texts
 */
export async function hubPairs(
  name: string,
  context: Pick<FileContext, 'hub'>,
  { most, columns, ...options }: PairOptions,
): Promise<TrainingPairs> {
  const repository = await HubRepository.open(name, context, options);
  const layout = entryOf(parseHubName(name).repository)?.layout;
  if (!columns && (layout?.kind === 'beir' || (!layout && isBeir(repository)))) {
    const known = layout?.kind === 'beir' ? layout : null;
    const judged = await openJudgements(undefined, repository, known?.judgements, context, options);
    const { collection, warnings } = await readHubBeir(
      repository,
      judged,
      known ?? beirTexts,
      { name, title: name, source: repository.source, split },
      // The relevant documents are all that is trained on.
      { queries: Number.isFinite(most) ? most : null, documents: 0, seed: 0 },
    );
    return { pairs: pairsOfCollection(collection).slice(0, most), warnings };
  }
  const pairs = layout?.kind === 'pairs' ? layout : null;
  const names = columns ?? pairs?.columns ?? null;
  const files = splitFiles(
    repository.files,
    split,
    (columns ? columns.subset : pairs?.subset) ?? trainingSubsets,
    repository.source,
  );
  const file = repository.nameOf(files[0]!);
  let reader: PairReader | null = null;
  // File by file, so that the later ones are not even opened when the first hold enough.
  for (const one of files) {
    const table = await openTable(repository, [one]);
    const found = pairColumnsOf(table, names, repository.nameOf(one));
    reader ??= new PairReader(found);
    const take = takeRows(reader, names);
    for await (const row of table.all(wantedColumns(found))) {
      take(row);
      if (reader.pairs.length >= most) break;
    }
    if (reader.pairs.length >= most) break;
  }
  const read = reader?.done(file);
  return {
    pairs: read ? trainingPairs({ ...read, pairs: read.pairs.slice(0, most) }, names?.threshold) : [],
    warnings: read?.ledger.warnings() ?? [],
  };
}
