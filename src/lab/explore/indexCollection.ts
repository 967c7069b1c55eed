import type { OpenedStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import { type EmbedProgress, embedTexts } from '../embed/embedTexts.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { batchingFor } from '../models/batching.ts';
import { type LayerVectors, layerVectors } from './layerVectors.ts';

/** Texts that are looked up and sorted by length together. */
const chunkSize = 256;

export interface IndexOptions {
  readonly model: OpenedModel;
  /** Where vectors are kept between visits; null for none. */
  readonly store: OpenedStore | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: EmbedProgress) => void;
}

/**
 * Embeds a collection's documents at every layer of a model; those in the store are only read.
 * @throws Cancelled when the signal is aborted; what was embedded by then is stored
 */
export async function indexCollection(
  { corpus }: Pick<Collection, 'corpus'>,
  { model, store, signal, onProgress }: IndexOptions,
): Promise<LayerVectors> {
  const { session, encoder } = model;
  const { layers } = session;
  const { hiddenSize } = session.info;
  const width = layers.length * hiddenSize;
  const documents = corpus.texts.length;
  const pooled = new Float32Array(documents * width);
  const order = Int32Array.from({ length: documents }, (_, row) => row);
  const blocks = embedTexts(corpus.texts, order, {
    session,
    encoder,
    store,
    batching: batchingFor(session.info),
    chunkSize,
    signal,
    ...(onProgress ? { onProgress } : {}),
  });
  for await (const { rows, vectors } of blocks) {
    for (const [i, row] of rows.entries()) {
      pooled.set(vectors.subarray(i * width, (i + 1) * width), row * width);
    }
  }
  return layerVectors(pooled, layers, hiddenSize);
}

/** One text at every layer of a model, (L, 1, C). */
export async function embedQuery(
  text: string,
  model: OpenedModel,
  signal: AbortSignal,
): Promise<LayerVectors> {
  return await indexCollection({ corpus: { ids: ['query'], texts: [text] } }, { model, store: null, signal });
}
