import * as Comlink from 'comlink';
import { onDevice } from './adapter.ts';
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
}

const worker: BenchWorker = {
  names: () => Object.keys(benches),
  async run(name, log) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no bench "${name}".`);
    return await (await bench())(log);
  },
};

Comlink.expose(worker);
