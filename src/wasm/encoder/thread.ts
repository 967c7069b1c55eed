import * as Comlink from 'comlink';
import { trustOwnScripts } from '../../base/trustedScripts.ts';
import { type Kernels, startKernels } from '../kernels.ts';
import type { Batch } from './batch.ts';
import type { Model } from './forward.ts';
import { runTasks } from './runTasks.ts';

/** What a thread begins with; the memory is shared by all. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly model: Model;
  /** Which of the threads it is. */
  readonly thread: number;
}

/** One thread of an encoder; it ends with its worker. */
export interface ThreadCalls {
  start(given: ThreadStart): Promise<void>;
  /** Runs tasks of a batch that lies in the memory, until none is left. */
  run(batch: Batch): void;
}

let started: (ThreadStart & { readonly kernels: Kernels }) | null = null;

const calls: ThreadCalls = {
  async start(given) {
    started = { ...given, kernels: await startKernels(given.module, given.memory) };
  },
  run(batch) {
    const { kernels, memory, model, thread } = started!;
    for (const _done of runTasks(kernels, memory, model, batch, thread));
  },
};

trustOwnScripts();
Comlink.expose(calls);
