import * as Comlink from 'comlink';
import type { LabCalls } from '../../workers/lab/createLab.ts';
import script from '../../workers/lab/worker.ts?worker&url';
import { type StartedWorker, startWorker } from './startWorker.ts';

export type LabClient = Comlink.Remote<LabCalls>;

let client: LabClient | null = null;

/** The calls of the page's one lab worker, started when it is first needed, and anew when it failed. */
export function labClient(): LabClient {
  client ??= startWorker<LabCalls>('lab', script, () => {
    client = null;
  }).calls;
  return client;
}

/** A lab worker beside the page's own, for what must keep neither it nor Explore's waiting; to be ended. */
export function startOwnLab(name: string): StartedWorker<LabCalls> {
  return startWorker<LabCalls>(name, script, () => {});
}

/** Marks a function as one that the worker calls back. */
export const calledBack = Comlink.proxy;
