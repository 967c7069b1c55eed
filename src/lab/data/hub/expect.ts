import { parseHubName } from '../../hub/name.ts';
import { splitSource } from '../../hub/source.ts';
import type { DatasetSpec } from '../../spec/spec.ts';
import { entryOf, type HubEntry } from './entries.ts';
import { type NanoCollection, nanoCollectionOf } from './nanoBeir.ts';
import { spreadGroups } from './sampling.ts';

/** What is known of a collection before anything of it is fetched. */
export interface ExpectedCollection {
  readonly queries: number;
  readonly documents: number;
  readonly charactersPerText: number;
  /** What reading the spec's sample downloads; null where it was not stated. */
  readonly bytes: number | null;
}

type Sample = Pick<DatasetSpec, 'queries' | 'documents'>;

/** Rows that the hub's `datasets` library writes into a group. */
const rowsAGroup = 1000;

/** For data sets of which nothing is known. */
const charactersUnknown = 300;

/** The size of a hub: collection as listed, of an unknown one the spec's sample; null for other sources. */
export function expectedCollection(dataset: DatasetSpec): ExpectedCollection | null {
  const { scheme, name } = splitSource(dataset.source);
  if (scheme !== 'hub') return null;
  const { repository } = parseHubName(name);
  const nano = nanoCollectionOf(repository, dataset.split);
  if (nano) {
    const { queries, documents, charactersPerText } = nano;
    return { queries, documents, charactersPerText, bytes: nanoBytes(nano) };
  }
  const entry = entryOf(repository);
  if (!entry) {
    const { queries, documents } = dataset;
    return {
      queries: queries ?? documents ?? 0,
      documents: documents ?? 0,
      charactersPerText: charactersUnknown,
      bytes: null,
    };
  }
  const { queries, documents, charactersPerText } = entry.size;
  return { queries, documents, charactersPerText, bytes: downloadBytes(entry, dataset) };
}

/**
 * About what a collection of NanoBEIR downloads, whole: Parquet takes 0.58 to 0.59 of its texts' bytes
 * (NanoTouche2020, NanoClimateFEVER; https://huggingface.co/datasets/zeta-alpha-ai/NanoTouche2020/blob/main/README.md).
 */
export function nanoBytes({ documents, charactersPerText }: NanoCollection): number {
  return Math.round(0.58 * documents * charactersPerText);
}

/** About what a sample of one of the paper's collections downloads, in bytes; null where it was not stated. */
export function downloadBytes({ size, layout }: HubEntry, { queries, documents }: Sample): number | null {
  if (size.bytes === null || !size.ranges || documents === null) return size.bytes;
  const spread = spreadGroups * rowsAGroup;
  const rows =
    layout.kind === 'pairs'
      ? Math.max(documents, queries ?? 0, spread)
      : // A group for each relevant passage, and those of the sample.
        (queries ?? size.queries) * rowsAGroup + Math.max(2 * documents, spread);
  return Math.round(size.bytes * Math.min(1, rows / size.documents));
}
