import * as Comlink from 'comlink';
import type { LabCalls } from '../../workers/lab/createLab.ts';
import script from '../../workers/lab/worker.ts?worker&url';
import { startWorker } from './startWorker.ts';

export type LabClient = Comlink.Remote<LabCalls>;

let client: LabClient | null = null;

/** The calls of the page's one lab worker, started when it is first needed, and anew when it failed. */
export function labClient(): LabClient {
  client ??= startWorker<LabCalls>('lab', script, () => {
    client = null;
  });
  return client;
}

/** Marks a function as one that the worker calls back. */
export const calledBack = Comlink.proxy;
