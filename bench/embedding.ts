import { env, pipeline } from '@huggingface/transformers';
import asyncifyModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { embedTexts } from '../src/lab/embed/embedTexts.ts';
import { batchingFor } from '../src/lab/models/batching.ts';
import { threadCount } from '../src/lab/models/runtime.ts';
import { openLayerSession } from '../src/lab/models/session.ts';
import type { Backend } from '../src/lab/models/types.ts';
import { benchAdapter } from './adapter.ts';
import { bundledEncoder, bundledModel, bundledTexts, ownKernels } from './bundled.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';

const batchSize = 32;
const rounds = 7;
const collections = ['debian-packages', 'foldoc', 'wordnet-definitions', 'wordnet-examples'];

/**
 * Every layer of the bundled DE by the lab's whole way (tokenise, sort, batch, run, pool) against the last
 * layer alone by transformers.js' feature-extraction pipeline, same texts, batches of 32 in file order.
 */
export async function benchEmbedding(log: Log): Promise<BenchRow[]> {
  const adapter = await benchAdapter();
  const backends: Backend[] = adapter.kind === 'real' ? ['wasm', 'webgpu'] : ['wasm'];
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  // Its own build of the runtime, from here instead of a CDN.
  const { wasm } = env.backends.onnx;
  if (wasm) {
    wasm.wasmPaths = {
      mjs: new URL(asyncifyModule, location.origin).href,
      wasm: new URL(asyncifyBinary, location.origin).href,
    };
    wasm.numThreads = threadCount();
  }
  const rows: BenchRow[] = [];
  for (const backend of backends) {
    const extractor = await pipeline('feature-extraction', 'mini-de', { dtype: 'fp32', device: backend });
    const files = await bundledModel('de');
    const session = await openLayerSession(
      { files, kind: 'de', dtype: 'fp32', backend, adapter, ownKernels },
      null,
    );
    const encoder = await bundledEncoder('de', files);
    for (const name of collections) {
      log(`mini-de on ${backend}, ${name}`);
      const texts = await bundledTexts(name, 512);
      const order = Int32Array.from(texts.keys());
      const [ours, theirs] = (await interleaved(
        [
          async () => {
            const blocks = embedTexts(texts, order, {
              session,
              encoder,
              store: null,
              batching: batchingFor(session.info),
              chunkSize: texts.length,
              signal: new AbortController().signal,
            });
            for await (const block of blocks) if (block.rows.length === 0) throw new Error('An empty block.');
          },
          async () => {
            for (let at = 0; at < texts.length; at += batchSize) {
              await extractor(texts.slice(at, at + batchSize), { pooling: 'mean' });
            }
          },
        ],
        rounds,
      )) as [number[], number[]];
      rows.push({
        name: `mini-de, all ${session.layers.length} layers, ${name}, ${backend}`,
        ours: texts.length / median(ours),
        other: texts.length / median(theirs),
        against: "transformers.js' feature-extraction, last layer, batches of 32",
        ratio: medianRatio(ours, theirs),
        unit: 'texts/s',
        note: `${texts.length} texts, median of ${rounds} rounds`,
      });
    }
    await session.dispose();
    await extractor.dispose();
  }
  return rows;
}
