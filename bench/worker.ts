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
  /** Opens a model that {@link round} embeds with, in place of what had its name. */
  open(name: string, workload: Workload): Promise<void>;
  round(name: string): Promise<Round>;
}

const embedders = new Map<string, Embedder>();

const worker: BenchWorker = {
  names: () => Object.keys(benches),
  async run(name, log) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no bench "${name}".`);
    return await (await bench())(log);
  },
  async open(name, workload) {
    await embedders.get(name)?.dispose();
    const { openEmbedder } = await import('./embedders/embedder.ts');
    embedders.set(name, await openEmbedder(`${location.origin}/`, workload));
  },
  async round(name) {
    const embedder = embedders.get(name);
    if (!embedder) throw new Error(`No model is open as "${name}".`);
    return await embedder.round();
  },
};

Comlink.expose(worker);
