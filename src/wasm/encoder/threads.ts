import * as Comlink from 'comlink';
import { pageWorker } from '../../base/pageWorker.ts';
import type { Batch } from './batch.ts';
import type { ThreadCalls, ThreadStart } from './thread.ts';
import script from './thread.ts?worker&url';

/** Workers that run an encoder's batches in a memory that they share. */
export class Threads {
  readonly #workers: readonly Worker[];
  readonly #calls: readonly Comlink.Remote<ThreadCalls>[];
  readonly #failed: Promise<never>;

  constructor(count: number) {
    const address = new URL(script, import.meta.url).href;
    this.#workers = Array.from({ length: count }, (_, thread) => pageWorker(address, `encoder ${thread}`));
    this.#calls = this.#workers.map((worker) => Comlink.wrap<ThreadCalls>(worker));
    this.#failed = new Promise((_, reject) => {
      for (const worker of this.#workers) {
        worker.addEventListener('error', ({ message }) => reject(new Error(`A thread failed (${message}).`)));
      }
    });
    // Told to whoever calls next.
    this.#failed.catch(() => {});
  }

  get count(): number {
    return this.#workers.length;
  }

  async start(given: Omit<ThreadStart, 'thread'>): Promise<void> {
    await this.#all((calls, thread) => calls.start({ ...given, thread }));
  }

  /** @throws Error where a thread fails */
  async run(batch: Batch): Promise<void> {
    await this.#all((calls) => calls.run(batch));
  }

  end(): void {
    for (const worker of this.#workers) worker.terminate();
  }

  async #all(call: (calls: Comlink.Remote<ThreadCalls>, thread: number) => Promise<void>): Promise<void> {
    // All have ended before one that failed is told, so that none is still writing.
    const ended = await Promise.race([this.#failed, Promise.allSettled(this.#calls.map(call))]);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }
}
