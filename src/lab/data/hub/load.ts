import { parseHubName } from '../../hub/name.ts';
import { isMissing } from '../../hub/request.ts';
import { type FileContext, splitSource } from '../../models/files.ts';
import { Problem } from '../../problem.ts';
import type { DatasetSpec } from '../../spec/spec.ts';
import type { CollectionHead, ReadCollection } from '../beir.ts';
import { collectionFromPairs } from '../fromPairs.ts';
import { readHubBeir, type TextLayouts } from './beir.ts';
import { entryOf, type HubEntry, type PairNames } from './entries.ts';
import { collectionSubsets, filesCalled, splitFiles } from './layout.ts';
import { pairColumnsOf, readTablePairs } from './pairs.ts';
import { type HubOptions, HubRepository } from './repository.ts';
import { openTable } from './table.ts';

/** Columns that the texts of BEIR's layout go by. */
export const beirTexts: TextLayouts = {
  corpus: { files: 'corpus', id: '_id', text: 'text', title: 'title' },
  queries: { files: 'queries', id: '_id', text: 'text' },
};

/** Whether a repository's files are texts and judgements apart, rather than rows of pairs. */
export function isBeir({ files }: HubRepository): boolean {
  return filesCalled(files, 'corpus').length > 0 && filesCalled(files, 'queries').length > 0;
}

/**
 * Loads a data set of the hub as a collection: one of the paper's by its entry, another by its files (BEIR's
 * layout, or rows of two texts, by the spec's columns or by their names).
 *
 * Of pairs, a sample of as many rows is read as the spec's documents or queries, whichever are more; without
 * a sample of documents all rows. Of BEIR's layout, the sampled queries, their relevant documents, and others up
 * to the spec's documents.
 * @throws Problem when it is not there or cannot be read
 */
export async function loadHubCollection(
  dataset: DatasetSpec,
  context: Pick<FileContext, 'hub'>,
  options: HubOptions & { readonly seed: number },
): Promise<ReadCollection> {
  const { name } = splitSource(dataset.source);
  const entry = entryOf(parseHubName(name).repository);
  const texts = await HubRepository.open(name, context, options);
  const head = headOf(dataset, texts, entry);
  const { queries, documents } = dataset;
  const { seed } = options;

  if (!dataset.columns && (entry?.layout.kind === 'beir' || (!entry && isBeir(texts)))) {
    const layout = entry?.layout.kind === 'beir' ? entry.layout : null;
    const judged = await openJudgements(dataset.judgements, texts, layout?.judgements, context, options);
    return await readHubBeir(texts, judged, layout ?? beirTexts, head, { queries, documents, seed });
  }

  const known = entry?.layout.kind === 'pairs' ? entry.layout : null;
  const names: PairNames | null = dataset.columns ?? known?.columns ?? null;
  const files = splitFiles(
    texts.files,
    dataset.split,
    (dataset.columns ? dataset.columns.subset : known?.subset) ?? collectionSubsets,
    texts.source,
  );
  const table = await openTable(texts, files);
  const file = texts.nameOf(files[0]!);
  const rows = documents === null ? null : Math.max(documents, queries ?? 0);
  const read = await readTablePairs(
    table,
    pairColumnsOf(table, names, file),
    rows === null || (table.rows !== null && table.rows <= rows) ? null : { rows, seed },
    file,
  );
  const { collection, warnings } = collectionFromPairs(read, head, names?.threshold);
  return {
    collection:
      table.rows === null || rows === null || table.rows <= rows
        ? collection
        : { ...collection, of: { queries: table.rows, documents: table.rows } },
    warnings:
      read.blank === 0
        ? warnings
        : [...warnings, `${file}: ${read.blank} rows without a query or a document are left out.`],
  };
}

function headOf(
  dataset: DatasetSpec,
  { source }: HubRepository,
  entry: HubEntry | undefined,
): CollectionHead {
  const { repository } = parseHubName(splitSource(source).name);
  return {
    name: entry?.name ?? repository.slice(repository.indexOf('/') + 1),
    title: entry?.title ?? repository,
    source,
    split: dataset.split,
    licence: entry?.licence,
    about: entry?.made,
  };
}

/** Where the spec says, else where the entry does, else beside the texts or in OWNER/NAME-qrels. */
export async function openJudgements(
  judgements: string | undefined,
  texts: HubRepository,
  known: string | undefined,
  context: Pick<FileContext, 'hub'>,
  options: HubOptions,
): Promise<HubRepository> {
  if (judgements !== undefined) {
    const { scheme, name } = splitSource(judgements);
    if (scheme !== 'hub') throw new Problem('must be hub:OWNER/NAME@REVISION.', { field: 'judgements' });
    return await HubRepository.open(name, context, options);
  }
  if (known !== undefined) return await HubRepository.open(known, context, options);
  if (texts.files.some(({ path }) => /(^|\/)qrels\//.test(path))) return texts;
  const { repository } = parseHubName(splitSource(texts.source).name);
  try {
    return await HubRepository.open(`${repository}-qrels`, context, options);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Problem(
      `has texts but no judgements, and hub:${repository}-qrels could not be opened; name the repository of the qrels in the spec as "judgements".`,
      { file: texts.source },
    );
  }
}
