import { UserError } from '../../../base/userError.ts';
import { parseHubName } from '../../hub/name.ts';
import { isMissing } from '../../hub/request.ts';
import { type FileContext, splitSource } from '../../hub/source.ts';
import type { DatasetSpec } from '../../spec/spec.ts';
import type { CollectionHead, ReadCollection } from '../beir.ts';
import { collectionFromPairs } from '../fromPairs.ts';
import type { Shard } from '../shard.ts';
import { readHubBeir, readHubSlice, type TextLayouts } from './beir.ts';
import { type BeirLayout, entryOf, type PairNames } from './entries.ts';
import { keepCollection, keptCollection, keptFile } from './kept.ts';
import { collectionSubsets, filesCalled, splitFiles } from './layout.ts';
import { nanoCollectionOf } from './nanoBeir.ts';
import { readTablePairs } from './pairs.ts';
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
 * For pairs, a sample of as many rows is read as the spec's documents or queries, whichever are more; without
 * a sample of documents all rows. Of BEIR's layout, the sampled queries, their relevant documents, and others up
 * to the spec's documents. What was read is kept in the browser, and read from there the next time.
 * @throws UserError when it is not there or cannot be read
 */
export async function loadHubCollection(
  dataset: DatasetSpec,
  context: Pick<FileContext, 'hub'>,
  options: HubOptions & { readonly seed: number; readonly most?: number },
): Promise<ReadCollection> {
  const { name } = splitSource(dataset.source);
  const texts = await HubRepository.open(name, context, options);
  const beir = beirLayout(dataset, texts);
  const judged = beir && (await openJudgements(dataset.judgements, texts, beir.judgements, context, options));
  const store = await texts.keep();
  const path = keptFile(dataset, judged?.source ?? null, options.seed);
  const kept = store && (await keptCollection(store, path));
  if (kept) return kept;
  const read = judged
    ? await readHubBeir(texts, judged, beir, headOf(dataset, texts), {
        ...dataset,
        seed: options.seed,
        most: options.most,
      })
    : await readPairs(dataset, texts, options.seed);
  if (store) {
    await judged?.keep();
    await keepCollection(store, path, read);
  }
  return read;
}

/** Where texts and judgements lie; null where the spec, the entry or the files make it rows of pairs. */
function beirLayout(
  { source, columns }: DatasetSpec,
  texts: HubRepository,
): (TextLayouts & Partial<Pick<BeirLayout, 'judgements'>>) | null {
  const layout = entryOf(parseHubName(splitSource(source).name).repository)?.layout;
  if (columns !== undefined || layout?.kind === 'pairs') return null;
  if (layout?.kind === 'beir') return layout;
  return layout || isBeir(texts) ? beirTexts : null;
}

/**
 * Reads a shard's documents alone, and all queries, of a collection in BEIR's layout: those of its row groups.
 * @returns null where its files cannot be read in parts
 */
export async function loadHubSlice(
  dataset: DatasetSpec,
  shard: Shard,
  context: Pick<FileContext, 'hub'>,
  options: HubOptions,
): Promise<ReadCollection | null> {
  const texts = await HubRepository.open(splitSource(dataset.source).name, context, options);
  const layout = beirLayout(dataset, texts);
  if (!layout) return null;
  const judged = await openJudgements(dataset.judgements, texts, layout.judgements, context, options);
  return await readHubSlice(texts, judged, layout, headOf(dataset, texts), shard);
}

async function readPairs(
  dataset: DatasetSpec,
  repository: HubRepository,
  seed: number,
): Promise<ReadCollection> {
  const { split, columns, queries, documents } = dataset;
  const { source } = repository;
  const layout = entryOf(parseHubName(splitSource(source).name).repository)?.layout;
  const known = layout?.kind === 'pairs' ? layout : null;
  const names: PairNames | null = columns ?? known?.columns ?? null;
  const subset = (columns ? columns.subset : known?.subset) ?? collectionSubsets;
  const files = splitFiles(repository.files, split, subset, source);
  const table = await openTable(repository, files);
  const file = repository.nameOf(files[0]!);
  const rows = documents === null ? null : Math.max(documents, queries ?? 0);
  const whole = rows === null || (table.rows !== null && table.rows <= rows);
  const read = await readTablePairs(table, names, whole ? null : { rows, seed }, file);
  const { collection, warnings } = collectionFromPairs(read, headOf(dataset, repository), names?.threshold);
  return {
    collection:
      whole || table.rows === null
        ? collection
        : { ...collection, of: { queries: table.rows, documents: table.rows } },
    warnings,
  };
}

function headOf({ split }: DatasetSpec, { source }: HubRepository): CollectionHead {
  const { repository } = parseHubName(splitSource(source).name);
  // One repository, thirteen collections: each goes by its own name.
  const nano = nanoCollectionOf(repository, split);
  if (nano) return { name: nano.name, title: nano.name, source, split };
  const entry = entryOf(repository);
  return {
    name: entry?.name ?? repository.slice(repository.indexOf('/') + 1),
    title: entry?.title ?? repository,
    source,
    split,
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
    if (scheme !== 'hub') throw new UserError('must be hub:OWNER/NAME@REVISION.', { field: 'judgements' });
    return await HubRepository.open(name, context, options);
  }
  if (known !== undefined) return await HubRepository.open(known, context, options);
  if (texts.files.some(({ path }) => /(^|\/)qrels\//.test(path))) return texts;
  const { repository } = parseHubName(splitSource(texts.source).name);
  try {
    return await HubRepository.open(`${repository}-qrels`, context, options);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UserError(
      `has texts but no judgements, and hub:${repository}-qrels could not be opened; name the repository of the qrels in the spec as "judgements".`,
      { file: texts.source },
    );
  }
}
