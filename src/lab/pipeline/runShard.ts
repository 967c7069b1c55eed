import type { Ranking } from '../../search/searcher.ts';
import { DataNotes } from '../report/dataNotes.ts';
import type { Spec } from '../spec/spec.ts';
import { environmentOf } from './environmentOf.ts';
import type { RunListener } from './events.ts';
import { type PartFound, writePart } from './part.ts';
import { type RunServices, readCollections, refuseHopeless, searchLayers } from './run.ts';
import { refuseUnsharded, type Shard, shardRows } from './shard.ts';

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
  const datasets = await readCollections(run, notes);
  await refuseHopeless(run);
  const found: PartFound[] = [];
  const rankings: (readonly Ranking[])[] = [];
  const layers = await searchLayers(run, datasets, notes, {
    rowsOf: ({ corpus }) => shardRows(corpus.ids.length, shard),
    take(model, { name, corpus, queries }, asked, { k, counts, queryCounts, ...given }) {
      const [from, to] = shardRows(corpus.ids.length, shard);
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
  return writePart({ shard, spec, environment, found, rankings });
}
