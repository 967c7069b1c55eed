import { UserError } from '../../base/userError.ts';
import type { ModelKind } from '../models/types.ts';
import { clusterCount, clusterTexts } from './clusterTexts.ts';
import type { Explorer } from './explorer.ts';
import { type LayerMap, layerMaps } from './layerMaps.ts';
import { type LayerVectors, vectorsAt } from './layerVectors.ts';
import { nearestTexts, neighboursKept } from './nearestTexts.ts';
import { umapPoints } from './umapPoints.ts';

export const projections = ['pca', 'umap'] as const;
export type Projection = (typeof projections)[number];

/** Every layer of a model by its principal components. */
export interface ModelMap {
  readonly model: ModelKind;
  readonly documents: number;
  readonly queries: number;
  readonly dimensions: number;
  readonly layers: readonly LayerMap[];
}

/** One layer by UMAP; of PCA all layers come at once. */
export interface UmapMap {
  /** (N, 2), as of a {@link LayerMap}. */
  readonly points: Float64Array<ArrayBuffer>;
}

/** A text's neighbour by cosine in the layer's full space. */
export interface NearText {
  readonly row: number;
  readonly cosine: number;
}

/** How a text of the map is shown: documents first, then queries. */
export interface MapText {
  readonly row: number;
  readonly id: string;
  readonly text: string;
}

type Listen = (sentence: string, share: number) => void;

/** Neighbours that a map is held to. */
export const neighbours = 10;
const mostAsked = 200;

/** Maps of an opened collection, each made once. Rows are the documents', then the queries'. */
export class TextMap {
  readonly #explorer: Explorer;
  readonly #queries = new Map<ModelKind, LayerVectors>();
  readonly #models = new Map<ModelKind, ModelMap>();
  readonly #umaps = new Map<string, UmapMap>();
  readonly #clusters = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(explorer: Explorer) {
    this.#explorer = explorer;
  }

  /** @throws Cancelled when the signal is aborted */
  async model(model: ModelKind, listen: Listen, signal: AbortSignal): Promise<ModelMap> {
    const known = this.#models.get(model);
    if (known) return known;
    const queries = await this.#queryVectors(model, listen, signal);
    listen('Finding the directions of largest spread', 0);
    const documents = this.#explorer.documentsOf(model);
    const layers = await layerMaps([documents, queries], signal);
    const map = {
      model,
      documents: documents.texts,
      queries: queries.texts,
      dimensions: documents.hiddenSize,
      layers,
    };
    this.#models.set(model, map);
    return map;
  }

  /** @throws Cancelled when the signal is aborted */
  async umap(model: ModelKind, layer: number, listen: Listen, signal: AbortSignal): Promise<UmapMap> {
    const key = `${model} ${layer}`;
    const known = this.#umaps.get(key);
    if (known) return known;
    const { layers } = await this.model(model, listen, signal);
    const { values, columns, position } = await this.#layerOf(model, layer, signal);
    const points = await umapPoints(values, columns, layers[position]!.points, {
      signal,
      onProgress: (share) => listen(`Placing the texts of layer ${layer} by UMAP`, share),
    });
    const map = { points };
    this.#umaps.set(key, map);
    return map;
  }

  /** Share of nearest texts that are nearest on the map too, of up to 200 texts. @throws Cancelled when the signal is aborted */
  async neighboursKept(
    model: ModelKind,
    layer: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<number> {
    const { values, columns, position } = await this.#layerOf(model, layer, signal);
    const { points } =
      projection === 'umap'
        ? await this.umap(model, layer, () => {}, signal)
        : (await this.model(model, () => {}, signal)).layers[position]!;
    const count = points.length / 2;
    const asked = Math.min(mostAsked, count);
    const of = Array.from({ length: asked }, (_, index) => Math.floor((index * count) / asked));
    return await neighboursKept(values, columns, points, { of, k: neighbours, signal });
  }

  /** Each text's cluster at a layer, in all its dimensions. @throws Cancelled when the signal is aborted */
  async clusters(model: ModelKind, layer: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${model} ${layer}`;
    const known = this.#clusters.get(key);
    if (known) return known;
    const { values, columns } = await this.#layerOf(model, layer, signal);
    const clusters = await clusterTexts(values, columns, clusterCount, signal);
    this.#clusters.set(key, clusters);
    return clusters;
  }

  /** @throws Cancelled when the signal is aborted */
  async nearest(model: ModelKind, layer: number, row: number, signal: AbortSignal): Promise<NearText[]> {
    const { values, columns } = await this.#layerOf(model, layer, signal);
    const found = await nearestTexts(values, columns, { of: [row], k: neighbours, signal });
    // Of unit vectors |a - b|² = 2 - 2 cos.
    return found.rows[0]!.map((near, at) => ({ row: near, cosine: 1 - found.distances[0]![at]! ** 2 / 2 }));
  }

  texts(rows: readonly number[]): MapText[] {
    const { corpus, queries } = this.#explorer.collection;
    const documents = corpus.ids.length;
    return rows.map((row) => {
      const [table, at] = row < documents ? [corpus, row] : [queries, row - documents];
      return { row, id: table.ids[at]!, text: table.texts[at]! };
    });
  }

  /** Rows whose id or text has some words, in order, without regard to case. */
  find(words: string): number[] {
    const { corpus, queries } = this.#explorer.collection;
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = [corpus, queries].flatMap(({ ids, texts: all }) =>
      all.map((text, at) => `${ids[at]} ${text}`),
    );
    return [...texts.keys()].filter((row) => {
      const text = texts[row]!.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  }

  async #queryVectors(model: ModelKind, listen: Listen, signal: AbortSignal): Promise<LayerVectors> {
    const known = this.#queries.get(model);
    if (known) return known;
    const { length } = this.#explorer.collection.queries.ids;
    const vectors = await this.#explorer.embedQueries(model, signal, (done) =>
      listen(`Embedding the queries with the ${model.toUpperCase()}`, done / Math.max(1, length)),
    );
    this.#queries.set(model, vectors);
    return vectors;
  }

  /** Vectors of documents and queries at one layer, one behind the other. */
  async #layerOf(
    model: ModelKind,
    layer: number,
    signal: AbortSignal,
  ): Promise<{ readonly values: Float32Array; readonly columns: number; readonly position: number }> {
    const documents = this.#explorer.documentsOf(model);
    const position = documents.layers.indexOf(layer);
    if (position < 0) {
      throw new UserError(
        `The ${model.toUpperCase()} has no layer ${layer}; choose one of ${documents.layers.join(', ')}.`,
      );
    }
    const queries = await this.#queryVectors(model, () => {}, signal);
    const parts = [vectorsAt(documents, position), vectorsAt(queries, position)];
    const values = new Float32Array(parts[0]!.length + parts[1]!.length);
    values.set(parts[0]!);
    values.set(parts[1]!, parts[0]!.length);
    return { values, columns: documents.hiddenSize, position };
  }
}
