import * as Comlink from 'comlink';
import { onDevice } from './adapter.ts';
import type { Embedder, Round, Workload } from './embedders/embedder.ts';
import type { Bench, BenchRow, Log } from './row.ts';

/** Each bench's code is loaded when it is asked for: they bring runtimes of their own. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  runtime: async () => (await import('./runtime.ts')).benchRuntime,
  session: async () => (await import('./session.ts')).benchSession,
  search: async () => (await import('./search.ts')).benchSearch,
  kernels: async () => onDevice((await import('./kernels.ts')).benchKernels),
  bandwidth: async () => onDevice((await import('./bandwidth.ts')).benchBandwidth),
  products: async () => onDevice((await import('./products.ts')).benchProducts),
  training: async () => onDevice((await import('./training.ts')).benchTraining),
  embedding: async () => (await import('./embedding.ts')).benchEmbedding,
};

export interface BenchWorker {
  names(): readonly string[];
  run(name: string, log: Log): Promise<BenchRow[]>;
  /** Opens the model that {@link round} embeds with, in place of the one before. */
  open(workload: Workload): Promise<void>;
  round(): Promise<Round>;
}

let embedder: Embedder | null = null;

const worker: BenchWorker = {
  names: () => Object.keys(benches),
  async run(name, log) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no bench "${name}".`);
    return await (await bench())(log);
  },
  async open(workload) {
    await embedder?.dispose();
    const { openEmbedder } = await import('./embedders/embedder.ts');
    embedder = await openEmbedder(`${location.origin}/`, workload);
  },
  async round() {
    if (!embedder) throw new Error('No model is open.');
    return await embedder.round();
  },
};

Comlink.expose(worker);
