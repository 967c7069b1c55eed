import { Cancelled } from '../../base/userError.ts';
import type { Collection } from '../data/collection.ts';
import type { DataReport } from '../data/dataReport.ts';
import { collectionHash } from '../data/hash.ts';
import type { LoadOptions } from '../data/load.ts';
import { withOwnDocuments } from '../data/ownDocuments.ts';
import { sampleCollection } from '../data/sample.ts';
import type { Shard } from '../data/shard.ts';
import type { DataNotes } from '../report/dataNotes.ts';
import type { DatasetReport } from '../report/report.ts';
import type { DatasetSpec, Spec } from '../spec/spec.ts';
import type { CheckServices } from './checkRun.ts';
import type { RunListener } from './events.ts';

export interface Loaded {
  readonly spec: DatasetSpec;
  readonly collection: Collection;
  readonly report: DatasetReport;
  readonly selfPairs: DataReport['selfPairs'];
  /** Whether it is a shard's documents alone, with the queries of all. */
  readonly sliced: boolean;
}

/** Reads parts of collections. */
export interface SliceServices {
  /** null where only the whole can be read. */
  loadSlice(
    dataset: DatasetSpec,
    shard: Shard,
    options: LoadOptions,
    onNotice: (sentence: string) => void,
  ): Promise<Collection | null>;
}

interface Reading {
  readonly spec: Spec;
  readonly services: Pick<CheckServices, 'loadCollection'> & SliceServices;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/** @param shard whose documents alone are read, where no more is needed and the files can be read so */
export async function readCollections(
  { spec, services, listen, signal }: Reading,
  notes: DataNotes,
  shard?: Shard,
): Promise<readonly Loaded[]> {
  await listen({ type: 'stage', text: 'Reading the collections' });
  const datasets: Loaded[] = [];
  for (const dataset of spec.datasets) {
    const taken = new Set(datasets.map(({ collection }) => collection.name));
    const loaded = await load(dataset, taken, { spec, services, listen, signal }, shard);
    datasets.push(loaded);
    notes.read(loaded.collection, loaded.selfPairs);
  }
  return datasets;
}

/** Samples, and weights by the documents' IDF, are of the whole. */
function needsWhole({ queries, documents }: DatasetSpec, { pooling }: Spec): boolean {
  return queries !== null || documents !== null || pooling.weights === 'idf';
}

async function load(
  dataset: Spec['datasets'][number],
  taken: ReadonlySet<string>,
  { spec, services, listen, signal }: Reading,
  shard?: Shard,
): Promise<Loaded> {
  if (signal.aborted) throw new Cancelled();
  const options: LoadOptions = {
    seed: spec.seed,
    signal,
    onDownload: (file, loaded, total) => void listen({ type: 'download', file, loaded, total }),
  };
  const notice = (text: string): void => void listen({ type: 'notice', text });
  const slice =
    shard && !needsWhole(dataset, spec) ? await services.loadSlice(dataset, shard, options, notice) : null;
  const whole = slice ?? (await services.loadCollection(dataset, options, notice));
  const sampled = sampleCollection(whole, {
    queries: dataset.queries,
    documents: dataset.documents,
    seed: spec.seed,
  });
  const name = freeName(sampled.name, taken);
  const title = name === sampled.name ? sampled.title : `${sampled.title} (${dataset.source})`;
  const { collection, selfPairs } = withOwnDocuments({ ...sampled, name, title }, dataset.excludeSelf);
  return {
    spec: dataset,
    collection,
    selfPairs,
    sliced: slice !== null,
    report: {
      name: collection.name,
      title: collection.title,
      source: collection.source,
      licence: collection.licence,
      queries: collection.queries.ids.length,
      documents: collection.corpus.ids.length,
      ...(collection.judgements === undefined ? {} : { judgements: collection.judgements }),
      totalQueries: whole.of?.queries ?? whole.queries.ids.length,
      totalDocuments: whole.of?.documents ?? whole.corpus.ids.length,
      // What all shards read alike.
      sha256: collectionHash(
        slice ? { ...collection, corpus: { ids: [], texts: [] }, qrels: [] } : collection,
      ),
    },
  };
}

/** Reports and files are by collection name: a second collection of a name has a number behind it. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}
