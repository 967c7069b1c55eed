import { generator, permutation } from '../../base/random.ts';
import type { Ranking, Searcher, SearchOptions } from '../../search/searcher.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import type { EmbeddedCounts } from '../data/dataReport.ts';
import { EmbedCounts } from '../embed/embedCounts.ts';
import type { EmbedProgress } from '../embed/embedTexts.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { noWork, type Pace, sumOfWork, type Work } from '../embed/pace.ts';
import { inOrder, searchCollection } from '../embed/searchCollection.ts';
import { modelVectors } from '../embed/vectorSource.ts';
import { writeRun } from '../formats/trec.ts';
import { evaluateRanking, mean, type PerQuery } from '../metrics/evaluate.ts';
import type { ModelKind } from '../models/types.ts';
import type { Intervals, LayerwiseRow } from '../report/report.ts';
import type { Spec } from '../spec/spec.ts';
import { bootstrapIntervals } from '../stats/bootstrap.ts';
import type { RunListener } from './events.ts';
import type { KeptSearch, ResumedSearch } from './keptSearch.ts';
import { LayerFiles } from './layerFiles.ts';
import type { SearchedModel } from './runLog.ts';

/** Between two looks at a growing curve. */
const refineEverySeconds = 0.7;

/** What the search by layer needs of its surroundings. */
export interface LayerwiseServices {
  openModel(
    kind: ModelKind,
    spec: Spec,
    onDownload: (file: string, loaded: number, total: number | null) => void,
    signal: AbortSignal,
  ): Promise<OpenedModel>;
  /** Looks at a model without opening a session. @throws UserError as opening it would */
  checkModel(kind: ModelKind, spec: Spec, signal: AbortSignal): Promise<void>;
  /** Bytes that may still be stored here; null where that is not known. */
  freeStorage(): Promise<number | null>;
  /** null when embeddings cannot be stored here. */
  openStore(model: OpenedModel, onNotice: (sentence: string) => void): Promise<OpenedStore | null>;
  createSearcher(options: SearchOptions): Promise<Searcher>;
}

export interface LayerwiseOptions {
  readonly kind: ModelKind;
  readonly collection: Collection;
  readonly model: OpenedModel;
  readonly store: OpenedStore | null;
  readonly spec: Spec;
  readonly createSearcher: (options: SearchOptions) => Promise<Searcher>;
  readonly pace: Pace;
  /** Characters each model still has to embed in the whole run; brought up to date here. */
  readonly left: Record<ModelKind, number>;
  /** What earlier sittings of the run noted of this search; null where nothing is noted. */
  readonly kept?: KeptSearch | null;
  /** Documents that are searched, [from, to), where they are not all: of a shard. */
  readonly rows?: readonly [number, number];
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/**
 * Every layer's retrieval quality of one model on one collection. Queries are embedded first, then
 * documents stream, in seeded random order, so that the curve over those seen is a fair sample of
 * the whole. Memory is bounded by the queries and the chunk, not by the documents.
 */
export async function layerwise(options: LayerwiseOptions): Promise<SearchedModel> {
  const { kept, collection, listen } = options;
  const found = kept?.finished();
  if (found) {
    new ProgressEvents(options, textsOf(collection)).skip(found.work);
    const documents = collection.corpus.texts.length;
    await listen({
      type: 'layerwise',
      rows: found.rows,
      documentsSeen: documents,
      documentsTotal: documents,
      final: true,
    });
    return found;
  }
  const { rankings, searchDevice, counts, work } = await rankLayers(options);
  const { layers } = options.model.session;
  const searched = { rows: await measureLayers({ ...options, layers }, rankings), searchDevice, counts };
  kept?.finish({ ...searched, work });
  return searched;
}

function textsOf({ queries, corpus }: Collection): number {
  return queries.texts.length + corpus.texts.length;
}

/** What searching some documents at every layer gave. */
export interface RankedLayers {
  /** One a layer, [queries, k] with k of the whole collection. */
  readonly rankings: readonly Ranking[];
  readonly k: number;
  readonly searchDevice: 'webgpu' | 'cpu';
  readonly counts: EmbeddedCounts;
  /** Of the queries alone. */
  readonly queryCounts: EmbeddedCounts;
  /** What was run through the model, earlier sittings of the run included. */
  readonly work: Work;
}

/** Embeds and ranks, without measuring the whole. */
export async function rankLayers(options: LayerwiseOptions): Promise<RankedLayers> {
  const { kind, collection, model, spec, listen } = options;
  const { session } = model;
  const { layers } = session;
  const queries = collection.queries.texts.length;
  const [from, to] = options.rows ?? [0, collection.corpus.texts.length];
  const documents = to - from;
  const { kept = null } = options;
  const before = kept?.before() ?? null;
  const keeps = spec.keep.includes('embeddings');
  // A run that notes how far it is makes no files, and one that goes on has not all rows of them.
  const files =
    keeps && !before
      ? new LayerFiles(`embeddings/${collection.name}/${kind}`, layers, session.info.hiddenSize)
      : null;
  const progress = new ProgressEvents(options, queries + documents, before);
  if (kept) progress.restore(await kept.work(model, options.store));
  const counts = new EmbedCounts(kind, model.weights);
  const source = modelVectors(model, {
    store: options.store,
    documents,
    counts,
    signal: options.signal,
    onProgress: (now) => progress.show(now),
    onStore: kept ? (of, row, now) => kept.storing(of, row, progress.workSince(now)) : undefined,
  });
  const seen = before?.seen.slice() ?? new Uint8Array(to);
  let queryCounts = counts.report();
  let documentsSeen = before?.documents ?? 0;
  let shown = performance.now();
  const { k, rankings, device } = await searchCollection(collection, source, {
    k: spec.layerwise.topK,
    ties: spec.ties,
    createSearcher: options.createSearcher,
    // Files hold rows in file order, and are written as the rows come.
    order: keeps ? inOrder(documents) : permutation(documents, generator(spec.seed)).map((row) => from + row),
    before,
    onQueries: async (vectors) => {
      progress.next();
      // Queries are embedded in every sitting, and counted in one.
      if (before) counts.restore(before.counts);
      queryCounts = counts.report();
      for (const part of files?.queries(vectors, queries) ?? []) await listen(part);
      shown = performance.now();
    },
    onDocuments: async (block, rankings) => {
      for (const part of files?.documents(block, documents) ?? []) await listen(part);
      for (const row of block.rows) seen[row] = 1;
      documentsSeen += block.rows.length;
      if (kept?.isDue()) {
        kept.keep(await rankings(), { seen, counts: counts.state(), work: progress.work });
      }
      if (
        options.rows ||
        documentsSeen === documents ||
        performance.now() - shown < refineEverySeconds * 1000
      )
        return;
      const rows = (await rankings()).map((ranking, index) =>
        rowOf(options, layers[index]!, evaluate(ranking, collection, seen), {}, documentsSeen),
      );
      await listen({ type: 'layerwise', rows, documentsSeen, documentsTotal: documents, final: false });
      shown = performance.now();
    },
  });
  progress.next();
  const { work } = progress;
  return { rankings, k, searchDevice: device, counts: counts.report(), queryCounts, work };
}

type Measuring = Pick<LayerwiseOptions, 'kind' | 'collection' | 'spec' | 'listen'> & {
  readonly layers: readonly number[];
};

/** Metrics of the rankings of all documents, a row a layer; keeps the runs where the spec says so. */
export async function measureLayers(
  options: Measuring,
  rankings: readonly Ranking[],
): Promise<LayerwiseRow[]> {
  const { kind, collection, spec, layers, listen } = options;
  const documents = collection.corpus.texts.length;
  const rows: LayerwiseRow[] = [];
  for (const [index, ranking] of rankings.entries()) {
    const perQuery = evaluate(ranking, collection);
    const intervals = bootstrapIntervals(perQuery, {
      samples: spec.layerwise.bootstrapSamples,
      seed: spec.seed,
    });
    rows.push(rowOf(options, layers[index]!, perQuery, intervals, documents));
    if (spec.keep.includes('runs')) {
      await listen({
        type: 'artefact',
        path: `runs/${collection.name}/${kind}-layer-${layers[index]}.retrieve.trec`,
        append: false,
        bytes: new TextEncoder().encode(writeRun(collection, ranking, `${kind}-layer-${layers[index]}`)),
      });
    }
  }
  await listen({
    type: 'layerwise',
    rows,
    documentsSeen: documents,
    documentsTotal: documents,
    final: true,
  });
  return rows;
}

/** Metrics of a ranking; with `seen`, over the documents seen so far and the queries that have a relevant one among them. */
function evaluate(ranking: Ranking, collection: Collection, seen?: Uint8Array): PerQuery {
  const { qrels } = collection;
  const k = ranking.documents.length / Math.max(1, qrels.length);
  const counted: number[] = [];
  const judgedSeen = qrels.map((judged, q) => {
    const known = seen ? new Map([...judged].filter(([row]) => seen[row])) : judged;
    if ([...known.values()].some((grade) => grade > 0)) counted.push(q);
    return known;
  });
  return evaluateRanking(ranking.documents, k, judgedSeen, counted);
}

function rowOf(
  options: Pick<LayerwiseOptions, 'collection' | 'kind'>,
  layer: number,
  perQuery: PerQuery,
  intervals: Intervals,
  documents: number,
): LayerwiseRow {
  const metrics: Record<string, number> = {};
  let queries = 0;
  for (const [name, values] of perQuery) {
    metrics[name] = mean(values);
    queries = values.length;
  }
  return {
    dataset: options.collection.name,
    model: options.kind,
    layer,
    queries,
    documents,
    metrics,
    intervals,
  };
}

/** Turns the progress of one embedding pass after another into the run's events. */
class ProgressEvents {
  readonly #options: LayerwiseOptions;
  readonly #total: number;
  readonly #resumed: ResumedSearch | null;
  #before = { texts: 0, cached: 0 };
  #last: EmbedProgress | null = null;
  #work = noWork;
  /** Whether what is embedded now was not counted before. */
  #fresh: boolean;

  constructor(options: LayerwiseOptions, total: number, resumed: ResumedSearch | null = null) {
    this.#options = options;
    this.#total = total;
    this.#resumed = resumed;
    this.#fresh = resumed === null;
    if (resumed) this.#leave(resumed);
  }

  /** What was run through the model. */
  get work(): Work {
    return this.#work;
  }

  /** What was run through the model since the last call of {@link show}; nothing where it was counted before. */
  workSince(now: EmbedProgress): Work {
    const last = this.#last;
    if (!this.#fresh) return noWork;
    return {
      texts: now.computedTexts - (last?.computedTexts ?? 0),
      tokens: now.tokens - (last?.tokens ?? 0),
      paddedTokens: now.paddedTokens - (last?.paddedTokens ?? 0),
      characters: now.computedCharacters - (last?.computedCharacters ?? 0),
      seconds: now.seconds - (last?.seconds ?? 0),
    };
  }

  /** Counts what an earlier sitting ran through the model. */
  restore(work: Work): void {
    const { pace, kind } = this.#options;
    pace.add(kind, work);
    this.#work = sumOfWork(this.#work, work);
  }

  /** Counts all as done by an earlier sitting. */
  skip(work: Work): void {
    this.restore(work);
    this.#leave();
    this.#before = { texts: this.#total, cached: this.#total };
    this.#tell(0, 0);
  }

  show(now: EmbedProgress): void {
    const { kind, left } = this.#options;
    this.restore(this.workSince(now));
    if (this.#fresh) left[kind] -= now.characters - (this.#last?.characters ?? 0);
    this.#last = now;
    this.#tell(now.texts, now.cached);
  }

  /** Before the next pass, whose progress begins at nothing. */
  next(): void {
    const skipped = this.#fresh ? 0 : (this.#resumed?.documents ?? 0);
    this.#before = {
      texts: this.#before.texts + (this.#last?.texts ?? 0) + skipped,
      cached: this.#before.cached + (this.#last?.cached ?? 0) + skipped,
    };
    this.#last = null;
    this.#fresh = true;
  }

  #tell(texts: number, cached: number): void {
    const { pace, kind, listen, left, collection } = this.#options;
    const work = pace.of(kind);
    void listen({
      type: 'progress',
      dataset: collection.name,
      model: kind,
      done: this.#before.texts + texts,
      total: this.#total,
      cached: this.#before.cached + cached,
      textsPerSecond: work.seconds > 0 ? work.texts / work.seconds : 0,
      secondsLeft: pace.secondsLeft(left),
    });
  }

  /** Takes the queries, and documents that were seen, off what is left; all without. */
  #leave(resumed: ResumedSearch | null = null): void {
    const { left, kind, collection } = this.#options;
    for (const { length } of collection.queries.texts) left[kind] -= length;
    for (const [row, { length }] of collection.corpus.texts.entries()) {
      if (!resumed || resumed.seen[row]) left[kind] -= length;
    }
  }
}
