import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as onnxruntime from 'onnxruntime-node';
import { matrixProducts } from '../bin/node/matrixProducts.ts';
import { nodeRuntime } from '../bin/node/nodeRuntime.ts';
import { openVectorFile } from '../bin/node/vectorFile.ts';
import { generator } from '../src/base/random.ts';
import { halvesToFloats } from '../src/lab/formats/half.ts';
import { npyHeader } from '../src/lab/formats/npy.ts';
import { writeSafetensors } from '../src/lab/formats/safetensors.ts';
import { padBatch } from '../src/lab/models/batch.ts';
import { bertFamily, postNormParameters } from '../src/lab/models/build/postNorm.ts';
import { setRuntimeHost } from '../src/lab/models/runtime.ts';
import { openLayerSession } from '../src/lab/models/session.ts';
import type { ModelFiles } from '../src/lab/models/types.ts';
import { createCpuSearcher } from '../src/search/cpuSearcher.ts';
import type { Searcher } from '../src/search/searcher.ts';
import { miniLm } from './sizes.ts';

const k = 100;
const blockRows = 512;

/** Vectors that were searched. */
export interface ScaleSize {
  readonly documents: number;
  readonly queries: number;
  readonly layers: number;
  readonly width: number;
}

/** What a search took. */
export interface Scaled {
  readonly seconds: number;
  /** Resident set, highest so far, in MiB, when so many documents were searched. */
  readonly memory: readonly { readonly documents: number; readonly peak: number }[];
}

/** Halves between -1 and 1, quickly: what is timed is the search. */
function halvesMaker(seed: number): (halves: Uint16Array) => void {
  let state = seed;
  return (halves) => {
    const pairs = new Uint32Array(halves.buffer, 0, halves.length / 2);
    for (let i = 0; i < pairs.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      // Signs and fractions at random, exponents of 1/4 to 1/2.
      pairs[i] = (state & 0x83ff83ff) | 0x34003400;
    }
  };
}

function floatsOf(count: number, seed: number): Float32Array<ArrayBuffer> {
  const random = generator(seed);
  return Float32Array.from({ length: count }, () => random.next() / 2 ** 31);
}

function searcherOf({ queries, layers, width }: ScaleSize): Searcher {
  return createCpuSearcher(
    {
      layers,
      queries,
      hiddenSize: width,
      queryVectors: floatsOf(queries * layers * width, 1),
      k,
      tieRanks: null,
    },
    matrixProducts(onnxruntime, availableParallelism()),
  );
}

/** Looks at memory after every tenth of the documents. */
class Watch {
  readonly memory: { documents: number; peak: number }[] = [];
  readonly #total: number;
  #peak = 0;

  constructor(total: number) {
    this.#total = total;
  }

  seen(documents: number): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage().rss / 2 ** 20);
    const due = ((this.memory.length + 1) * this.#total) / 10;
    if (documents >= due) this.memory.push({ documents, peak: this.#peak });
  }
}

/** Searches vectors that come as blocks of float16, each made when it is its turn, as a shard's do. */
export async function searchBlocks(size: ScaleSize): Promise<Scaled> {
  const { documents, layers, width } = size;
  const searcher = searcherOf(size);
  const make = halvesMaker(7);
  const halves = new Uint16Array(blockRows * layers * width);
  const floats = new Float32Array(halves.length);
  const watch = new Watch(documents);
  const started = performance.now();
  for (let at = 0; at < documents; at += blockRows) {
    const rows = Int32Array.from({ length: Math.min(blockRows, documents - at) }, (_, i) => at + i);
    make(halves);
    halvesToFloats(halves, floats);
    await searcher.add(floats.subarray(0, rows.length * layers * width), rows);
    watch.seen(at + rows.length);
  }
  await searcher.rankings();
  const seconds = (performance.now() - started) / 1000;
  searcher.dispose();
  return { seconds, memory: watch.memory };
}

/** Searches a file of one layer's vectors in float16, as a final system's. @param folder for the file */
export async function searchFile(size: ScaleSize, folder: string): Promise<Scaled & { bytes: number }> {
  const { documents, width } = size;
  const path = join(folder, 'vectors.npy');
  const written = openSync(path, 'w');
  const header = npyHeader([documents, width], '<f2');
  writeSync(written, header);
  const make = halvesMaker(9);
  const halves = new Uint16Array(4096 * width);
  for (let at = 0; at < documents; at += 4096) {
    make(halves);
    writeSync(written, halves.subarray(0, Math.min(4096, documents - at) * width));
  }
  closeSync(written);
  const file = openVectorFile(path);
  const searcher = searcherOf(size);
  const watch = new Watch(documents);
  const started = performance.now();
  for (const { from, vectors } of file.blocks(4096)) {
    await searcher.add(
      vectors,
      Int32Array.from({ length: vectors.length / width }, (_, i) => from + i),
    );
    watch.seen(from + vectors.length / width);
  }
  await searcher.rankings();
  const seconds = (performance.now() - started) / 1000;
  searcher.dispose();
  file.close();
  rmSync(path);
  return { seconds, memory: watch.memory, bytes: header.length + 2 * documents * width };
}

/** Twelve layers of 384 with weights at random, which take as long as a MiniLM's. */
function madeModel(): ModelFiles {
  const family = bertFamily({ ...miniLm, layers: 12 });
  const weights = new Map(
    postNormParameters(family, null).map(({ name, shape }) => {
      const count = shape.reduce((product, dim) => product * dim, 1);
      return [name, { shape, data: floatsOf(count, 3).map((value) => value / 20) }];
    }),
  );
  const { vocabulary, hidden, heads, intermediate, positions, types, epsilon } = miniLm;
  const config = JSON.stringify({
    model_type: 'bert',
    architectures: ['BertModel'],
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: 12,
    num_attention_heads: heads,
    intermediate_size: intermediate,
    max_position_embeddings: positions,
    type_vocab_size: types,
    layer_norm_eps: epsilon,
  });
  const files = new Map([
    ['config.json', new TextEncoder().encode(config)],
    ['model.safetensors', writeSafetensors(weights)],
  ]);
  const bytesOf = (path: string): Uint8Array<ArrayBuffer> => {
    const bytes = files.get(path);
    if (!bytes) throw new Error(`The bench has no ${path}.`);
    return bytes;
  };
  return {
    source: 'bench:made',
    has: (path) => Promise.resolve(files.has(path)),
    size: (path) => Promise.resolve(files.get(path)?.length ?? null),
    text: (path) => Promise.resolve(new TextDecoder().decode(bytesOf(path))),
    bytes: (path, options) => Promise.resolve(bytesOf(path).slice(...(options?.range ?? []))),
  };
}

/** Texts a second that are embedded at the layers 0 to `last`, each of so many tokens. */
export interface Pace {
  readonly last: number;
  readonly tokens: number;
  readonly textsPerSecond: number;
}

/** @param tokens of a passage; a self pair has about twice as many */
export async function embeddingPace(tokens: readonly number[], lasts: readonly number[]): Promise<Pace[]> {
  setRuntimeHost(await nodeRuntime('cpu'));
  const files = madeModel();
  const paces: Pace[] = [];
  for (const last of lasts) {
    const session = await openLayerSession(
      {
        files,
        kind: 'de',
        dtype: 'fp32',
        backend: 'cpu',
        adapter: { kind: 'none', description: 'no adapter' },
      },
      Array.from({ length: last + 1 }, (_, layer) => layer),
    );
    for (const length of tokens) {
      const rows = Array.from({ length: Math.floor(2048 / length) }, () => ({
        inputIds: Int32Array.from({ length }, () => 1000 + Math.floor(Math.random() * 20_000)),
        tokenTypeIds: new Uint8Array(length),
        pool: new Uint8Array(length).fill(1),
        spans: [[0, length]] as const,
      }));
      const batch = padBatch(rows, 0);
      await session.pooled(batch);
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const started = performance.now();
        await session.pooled(batch);
        times.push((performance.now() - started) / 1000);
      }
      const [, , median] = times.sort((a, b) => a - b);
      paces.push({ last, tokens: length, textsPerSecond: rows.length / median! });
    }
    await session.dispose();
  }
  return paces;
}
