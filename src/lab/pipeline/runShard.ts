import type { Ranking } from '../../search/searcher.ts';
import type { Collection } from '../data/collection.ts';
import { documentsHash } from '../data/hash.ts';
import { type Shard, shardRows } from '../data/shard.ts';
import { DataNotes } from '../report/dataNotes.ts';
import type { Spec } from '../spec/spec.ts';
import { environmentOf } from './environmentOf.ts';
import type { RunListener } from './events.ts';
import { type PartFound, type PartSlice, writePart } from './part.ts';
import { type Loaded, readCollections } from './readCollections.ts';
import { type RunServices, refuseHopeless, searchLayers } from './run.ts';
import { refuseUnsharded } from './shard.ts';

/** Searches one shard's documents by all queries, at every layer. @returns the part as a file */
export async function runShard(
  spec: Spec,
  services: RunServices,
  shard: Shard,
  { listen, signal }: { readonly listen: RunListener; readonly signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  refuseUnsharded(spec);
  // Runs and qrels are written when all parts are there.
  const run = { spec: { ...spec, keep: [] }, services, listen, signal };
  const [startedAt, started] = [new Date(), performance.now()];
  const machine = await services.machine();
  const notes = new DataNotes();
  const datasets = await readCollections(run, notes, shard);
  const sliced = new Set(datasets.flatMap(({ sliced, collection }) => (sliced ? [collection.name] : [])));
  const rowsOf = ({ name, corpus: { ids } }: Collection): readonly [number, number] =>
    sliced.has(name) ? [0, ids.length] : shardRows(ids.length, shard);
  await refuseHopeless(run);
  const found: PartFound[] = [];
  const rankings: (readonly Ranking[])[] = [];
  const layers = await searchLayers(run, datasets, notes, {
    rowsOf,
    take(model, collection, asked, { k, counts, queryCounts, ...given }) {
      const [from, to] = rowsOf(collection);
      const { name, queries } = collection;
      found.push({
        dataset: name,
        model,
        layers: [...asked],
        rows: [from, to],
        queries: queries.ids.length,
        k,
        counts,
        queryCounts,
      });
      rankings.push(given.rankings);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const startSeconds = (layers.startedAt - started) / 1000;
  const environment = environmentOf({
    machine,
    times: { startedAt: startedAt.toISOString(), startSeconds, seconds },
    datasets: datasets.map(({ report }) => report),
    layers,
  });
  return writePart({ shard, spec, environment, found, slices: slicesOf(datasets), rankings });
}

function slicesOf(datasets: readonly Loaded[]): PartSlice[] {
  return datasets
    .filter(({ sliced }) => sliced)
    .map(({ collection: { name, corpus, queries } }) => ({
      dataset: name,
      documents: corpus.ids.length,
      sha256: documentsHash(corpus, [0, corpus.ids.length]),
      queries: { ids: [...queries.ids], texts: [...queries.texts] },
    }));
}
