import { inTurn } from '../../base/inTurn.ts';
import { Cancelled } from '../../base/userError.ts';
import { hearMessages } from '../../base/yielding.ts';
import { type Bm25Index, buildBm25 } from '../../search/bm25.ts';
import { type TieRule, tieRanks } from '../../search/ties.ts';
import type { Collection } from '../data/collection.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import type { ModelKind } from '../models/types.ts';
import { embedQuery, indexCollection } from './indexCollection.ts';
import type { LayerVectors } from './layerVectors.ts';
import { type RankLine, rankFlow } from './rankFlow.ts';
import { type LayerList, searchLayers } from './searchLayers.ts';

export interface ExploredHit {
  /** Row of the collection's documents. */
  readonly document: number;
  /** Cosine similarity; of BM25 its weight. */
  readonly score: number;
}

/** What one layer of a model, or BM25, finds. */
export interface ExploredList {
  readonly system: ModelKind | 'bm25';
  /** null for BM25. */
  readonly layer: number | null;
  readonly hits: readonly ExploredHit[];
}

/** Ranks of followed documents through the layers of one model. */
export interface ExploredFlow {
  readonly model: ModelKind;
  readonly layers: readonly number[];
  readonly lines: readonly RankLine[];
}

export interface ExploredAnswer {
  readonly query: string;
  readonly lists: readonly ExploredList[];
  readonly flows: readonly ExploredFlow[];
}

/** One model with a collection's documents at every layer. */
export interface ExploredModel {
  readonly opened: OpenedModel;
  /** Unit vectors (L, N, C) of `collection.corpus`. */
  readonly documents: LayerVectors;
}

export interface ExplorerOptions {
  readonly collection: Collection;
  readonly models: Readonly<Record<ModelKind, ExploredModel>>;
  readonly ties: TieRule;
}

const kinds = ['ce', 'de'] as const;

/** Answers queries over a collection at every layer of both models, all of it in memory. */
export class Explorer {
  readonly collection: Collection;
  readonly #models: Readonly<Record<ModelKind, ExploredModel>>;
  readonly #ranks: Int32Array<ArrayBuffer> | null;
  readonly #bm25: Bm25Index;

  private constructor({ collection, models, ties }: ExplorerOptions, bm25: Bm25Index) {
    this.collection = collection;
    this.#models = { ce: oneAtATime(models.ce), de: oneAtATime(models.de) };
    this.#ranks = tieRanks(collection.corpus.ids, ties);
    this.#bm25 = bm25;
  }

  /** @throws Cancelled when the signal is aborted while BM25's index is built */
  static async open(options: ExplorerOptions, signal: AbortSignal): Promise<Explorer> {
    return new Explorer(options, await buildBm25(options.collection.corpus.texts, { signal }));
  }

  /**
   * The first `depth` documents of every layer and of BM25, and the ranks of `followed` documents; of none, of those
   * that the outermost layers of both models put first.
   * @throws Cancelled when the signal is aborted, as by the next key
   */
  async search(
    query: string,
    depth: number,
    followed: readonly number[],
    signal: AbortSignal,
  ): Promise<ExploredAnswer> {
    // Keys that came while the last answer was worked out are heard first, and end this one.
    await hearMessages();
    // The DE may run in a worker of its own, and is asked first: a run here holds the thread.
    const [de, ce] = await Promise.all([
      this.searchModel('de', query, depth, signal),
      this.searchModel('ce', query, depth, signal),
    ]);
    const found = { ce, de };
    const lists: ExploredList[] = kinds.flatMap((model) =>
      found[model].map(({ layer, scores, documents }) => ({
        system: model,
        layer,
        hits: documents.map((document) => ({ document, score: scores[document]! })),
      })),
    );
    const lines = followed.length > 0 ? followed : outermost(found);
    const flows = kinds.map((model) => ({
      model,
      layers: found[model].map(({ layer }) => layer),
      lines: rankFlow(found[model], lines, this.#ranks),
    }));
    lists.push({ system: 'bm25', layer: null, hits: this.#bm25.search(query, depth) });
    return { query, lists, flows };
  }

  /** Every layer's scores of all documents and its first `depth`. */
  async searchModel(
    model: ModelKind,
    query: string,
    depth: number,
    signal: AbortSignal,
  ): Promise<LayerList[]> {
    const { opened, documents } = this.#models[model];
    const vectors = await embedQuery(query, opened, signal);
    if (signal.aborted) throw new Cancelled();
    return searchLayers(documents, vectors, depth, this.#ranks);
  }

  /** Unit vectors (L, N, C) of the collection's documents. */
  documentsOf(model: ModelKind): LayerVectors {
    return this.#models[model].documents;
  }

  /**
   * Unit vectors (L, Q, C) of the collection's queries.
   * @param onProgress queries done
   * @throws Cancelled when the signal is aborted
   */
  async embedQueries(
    model: ModelKind,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<LayerVectors> {
    return await indexCollection(
      { corpus: this.collection.queries },
      {
        model: this.#models[model].opened,
        store: null,
        signal,
        onProgress: ({ texts }) => onProgress(texts),
      },
    );
  }

  async dispose(): Promise<void> {
    for (const kind of kinds) await this.#models[kind].opened.session.dispose();
  }
}

/** A session runs one batch at a time; the next key, or a map's queries, may come while it does. */
function oneAtATime({ opened, documents }: ExploredModel): ExploredModel {
  const { session } = opened;
  const turn = inTurn();
  const pooled: typeof session.pooled = (batch) => turn(() => session.pooled(batch));
  return { documents, opened: { ...opened, session: { ...session, pooled } } };
}

/** The first two documents of each model's embedding and last layer. */
function outermost(found: Readonly<Record<ModelKind, readonly LayerList[]>>): number[] {
  const lists = kinds.flatMap((kind) => [found[kind][0], found[kind].at(-1)]);
  return [...new Set(lists.flatMap((list) => list?.documents.slice(0, 2) ?? []))];
}
