import { UserError } from '../../base/userError.ts';
import { cutLists, type RankedLists } from '../compare/ranked.ts';
import { readRunLists } from '../compare/runFile.ts';
import type { Collection } from '../data/collection.ts';
import type { NamedSource } from '../data/lines.ts';
import { type Shard, shardRows } from '../data/shard.ts';
import { DataNotes } from '../report/dataNotes.ts';
import type { SystemFile } from '../report/report.ts';
import type { Spec } from '../spec/spec.ts';
import { systemNamed, systemsOf } from '../spec/systemName.ts';
import { environmentOf } from './environmentOf.ts';
import type { RunListener } from './events.ts';
import { type MeasuredScores, type ScoreLists, withReranker } from './pairScores.ts';
import { listsOf, type QueryRange, withQueries } from './queryRange.ts';
import { readCollections } from './readCollections.ts';
import { type RerankCompared, writeRerankPart } from './rerankPart.ts';
import { noting, type RunServices, refuseHopeless } from './run.ts';
import { refuseUncompared } from './shard.ts';
import { depthOf, runDepthOf, SystemLists } from './systemLists.ts';

interface RerankOptions {
  readonly listen: RunListener;
  readonly signal: AbortSignal;
  /** Run files of the same spec's layers, as a merge wrote them: by collection and system; null for none. */
  readonly runs?: (dataset: string, system: string) => NamedSource | null;
}

/** Compares all systems for one shard of every collection's queries. @returns the part as a file */
export async function runRerank(
  spec: Spec,
  services: RunServices,
  shard: Shard,
  { listen, signal, runs }: RerankOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  refuseUncompared(spec);
  const run = { spec, services, listen, signal };
  const [startedAt, started] = [new Date(), performance.now()];
  const machine = await services.machine();
  const datasets = await readCollections(run, new DataNotes());
  await refuseHopeless(run);
  const startSeconds = (performance.now() - started) / 1000;
  const files = new Map<string, SystemFile>();
  const ranges = datasets.map(({ collection }) => {
    const rows = shardRows(collection.queries.ids.length, shard);
    return { whole: collection, rows, collection: withQueries(collection, rows) };
  });
  const comparing = {
    ...run,
    services: noting(services.comparison, files),
    collections: ranges.map(({ collection }) => collection),
    notes: new DataNotes(),
  };
  const found = await searched(comparing, ranges, runs);
  const compared: RerankCompared[] = [];
  const logits: Float32Array<ArrayBuffer>[] = [];
  const lists: RankedLists[][] = [];
  const keep = async (score: ScoreLists<MeasuredScores> | null): Promise<void> => {
    for (const { collection, rows } of ranges) {
      const own = found.filter(({ dataset }) => dataset === collection.name);
      const cut = own.map((one) => cutLists(one.lists, spec.compare.rerankDepth));
      const scores = score && (await score(collection, cut));
      lists.push(own.map((one) => one.lists));
      logits.push(scores?.logits ?? new Float32Array(0));
      compared.push({
        dataset: collection.name,
        queries: [...rows],
        systems: own.map(({ system, lists: { k, unknown = [] } }) => ({ system, k, unknown: [...unknown] })),
        pairs: scores?.logits.length ?? 0,
        secondsPerPair: scores?.secondsPerPair ?? 0,
        counts: [...(scores?.counts ?? [])],
      });
    }
  };
  if (spec.compare.rerankDepth > 0) await withReranker(comparing, keep);
  else await keep(null);
  const environment = environmentOf({
    machine,
    times: {
      startedAt: startedAt.toISOString(),
      startSeconds,
      seconds: (performance.now() - started) / 1000,
    },
    datasets: datasets.map(({ report }) => report),
    layers: { models: {}, search: 'none' },
    files: [...files.values()],
  });
  return writeRerankPart({ shard, spec, environment, compared, lists, logits });
}

interface Ranged {
  readonly whole: Collection;
  readonly rows: QueryRange;
  readonly collection: Collection;
}

/** Lists of the range's queries by every system; a system that fails ends it all, since its part would be missing. */
async function searched(
  options: ConstructorParameters<typeof SystemLists>[0],
  ranges: readonly Ranged[],
  runs: RerankOptions['runs'],
): Promise<{ dataset: string; system: string; lists: RankedLists }[]> {
  const { spec } = options;
  const rangeOf = ({ name }: Collection): Ranged => ranges.find(({ whole }) => whole.name === name)!;
  const inRange = async (source: NamedSource, collection: Collection, least: number) => {
    const { whole, rows } = rangeOf(collection);
    const read = await readRunLists(source, whole, { ties: spec.ties, least });
    return read && { ...read, lists: listsOf(read.lists, rows) };
  };
  const systems = new SystemLists(options, {
    // As all queries' lists are read, whose longest they have room for.
    fromRun: (source, collection) => inRange(source, collection, runDepthOf(collection)),
    async stored(system, collection) {
      const source = systemNamed(spec, system).type === 'layer' ? runs?.(collection.name, system) : null;
      if (!source) return null;
      const depth = depthOf(spec, collection);
      refuseShort(spec, depth);
      const read = await inRange(source, collection, depth);
      return read && cutLists(read.lists, depth);
    },
  });
  const found: { dataset: string; system: string; lists: RankedLists }[] = [];
  for (const system of systemsOf(spec)) {
    await systems.of(system, ({ name }, lists) => {
      found.push({ dataset: name, system, lists });
      return Promise.resolve();
    });
  }
  return found;
}

/** @throws UserError where the layers' lists end before those that a comparison would find */
function refuseShort({ layerwise: { topK } }: Spec, depth: number): void {
  if (topK >= depth) return;
  throw new UserError(
    `is ${topK}, and the comparison takes ${depth} documents a query; leave --runs out, or raise it and search the layers again.`,
    { field: 'layerwise.topK' },
  );
}
