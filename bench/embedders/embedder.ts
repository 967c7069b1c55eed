import { chunkSize } from '../../src/lab/embed/budget.ts';
import { embedTexts } from '../../src/lab/embed/embedTexts.ts';
import { batchingFor } from '../../src/lab/models/batching.ts';
import { openModelFiles } from '../../src/lab/models/files.ts';
import { processorBackend, setRuntimeHost } from '../../src/lab/models/runtime.ts';
import { openLayerSession } from '../../src/lab/models/session.ts';
import type { ModelKind } from '../../src/lab/models/types.ts';
import { bundledEncoder, contextAt, firstTexts, ownKernels } from '../bundled.ts';

/** What every side of the bench embeds. */
export interface Workload {
  readonly kind: ModelKind;
  /** `bundled:NAME` or `local:NAME`. */
  readonly model: string;
  readonly texts: readonly string[];
  /** The layers from the embedding layer to this one; null for all. */
  readonly lastLayer: number | null;
  readonly maxLength: number;
  /** Whether the lab's own kernels run the model, in a browser, once they are checked. */
  readonly own: boolean;
}

export interface Round {
  readonly seconds: number;
  /** Vectors of the first text, [layers, hiddenSize], by which the sides are held together. */
  readonly first: readonly number[];
}

export interface Embedder {
  round(): Promise<Round>;
  dispose(): Promise<void>;
}

/**
 * Opens a model on the processor. A round is the lab's whole way with texts: tokenise, sort, batch, run, pool.
 * @param base URL of the folder that holds the page's files
 */
export async function openEmbedder(
  base: string,
  { kind, model, texts, lastLayer, maxLength, own }: Workload,
): Promise<Embedder> {
  const files = await openModelFiles(model, contextAt(base));
  const backend = processorBackend();
  const adapter = { kind: 'none', description: 'no adapter was asked for' } as const;
  const layers = lastLayer === null ? null : Array.from({ length: lastLayer + 1 }, (_, layer) => layer);
  const session = await openLayerSession(
    { files, kind, dtype: 'fp32', backend, adapter, ...(own ? { ownKernels } : {}) },
    layers,
  );
  if (own && !session.info.unpadded) throw new Error(`${model} runs ${session.info.why}.`);
  const encoder = await bundledEncoder(kind, files, maxLength);
  const order = Int32Array.from(texts.keys());
  const width = session.layers.length * session.info.hiddenSize;
  return {
    async round() {
      const started = performance.now();
      const blocks = embedTexts(texts, order, {
        session,
        encoder,
        store: null,
        batching: batchingFor(session.info),
        chunkSize: chunkSize(texts.length),
        signal: new AbortController().signal,
      });
      let first: readonly number[] = [];
      for await (const { rows, vectors } of blocks) {
        const at = rows.indexOf(0);
        if (at >= 0) first = [...vectors.subarray(at * width, (at + 1) * width)];
      }
      return { seconds: (performance.now() - started) / 1000, first };
    },
    dispose: () => session.dispose(),
  };
}

export { contextAt, firstTexts, setRuntimeHost };
