import type { OpenedStore } from '../cache/embeddingStore.ts';
import { batchingFor } from '../models/batching.ts';
import { chunkSize } from './budget.ts';
import type { EmbedCounts, TextKind } from './embedCounts.ts';
import { type EmbeddedBlock, type EmbedProgress, embedTexts } from './embedTexts.ts';
import type { OpenedModel } from './openModel.ts';

/** What a search has its vectors from. */
export interface VectorSource {
  readonly layers: number;
  readonly hiddenSize: number;
  /** What ranks; cosine without. */
  readonly similarity?: 'cosine' | 'dot';
  /** @param order rows of `texts`, each once; blocks come in it. */
  embed(
    kind: TextKind,
    table: { readonly ids: readonly string[]; readonly texts: readonly string[] },
    order: Int32Array<ArrayBuffer>,
  ): AsyncIterable<EmbeddedBlock>;
}

export interface ModelVectorsOptions {
  readonly store: OpenedStore | null;
  /** Documents of the collection, by which chunks are sized. */
  readonly documents: number;
  readonly counts?: EmbedCounts;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EmbedProgress) => void;
  /** As of {@link embedTexts}. */
  readonly onStore?: (kind: TextKind, row: number, progress: EmbedProgress) => void;
}

/** Vectors of a model session, computed or stored. */
export function modelVectors(
  { session, encoder, queryEncoder = encoder, similarity }: OpenedModel,
  { store, documents, counts, signal, onProgress, onStore }: ModelVectorsOptions,
): VectorSource {
  return {
    layers: session.layers.length,
    hiddenSize: session.info.hiddenSize,
    similarity,
    embed: (kind, { ids, texts }, order) =>
      embedTexts(texts, order, {
        session,
        encoder: kind === 'query' ? queryEncoder : encoder,
        store,
        batching: batchingFor(session.info),
        chunkSize: chunkSize(documents),
        signal,
        onProgress,
        onStore: onStore && ((row, progress) => onStore(kind, row, progress)),
        onEncoded: counts && ((row, encoded) => counts.encoded(kind, ids[row]!, encoded, row)),
        onBroken: counts && ((row, layers) => counts.broken(kind, ids[row]!, layers, row)),
      }),
  };
}

/** Texts that a plain function embeds together. */
const chunk = 256;

/** Vectors of one layer, as `embed` gives them. */
export function plainVectors(
  hiddenSize: number,
  embed: (texts: readonly string[]) => Promise<Float32Array<ArrayBuffer>>,
  signal: AbortSignal,
): VectorSource {
  return {
    layers: 1,
    hiddenSize,
    async *embed(_kind, { texts }, order) {
      for (let first = 0; first < order.length; first += chunk) {
        signal.throwIfAborted();
        const rows = order.slice(first, first + chunk);
        yield { rows, vectors: await embed([...rows].map((row) => texts[row]!)) };
      }
    },
  };
}
