import * as Comlink from 'comlink';
import type { LabCalls } from '../../workers/lab/createLab.ts';
import script from '../../workers/lab/worker.ts?worker&url';
import { readHubSettings } from './hubSettings.ts';
import { workerCalls } from './workerCalls.ts';

export type LabClient = Comlink.Remote<LabCalls>;

let client: LabClient | null = null;

/** The calls of the page's one lab worker, started when it is first needed, and anew when it failed. */
export function labClient(): LabClient {
  client ??= startWorker(() => {
    client = null;
  });
  return client;
}

/** Marks a function as one that the worker calls back. */
export const calledBack = Comlink.proxy;

/** Starts the worker and tells it where the page's files lie, and which hub to ask. */
function startWorker(onFailure: () => void): LabClient {
  // Started from its own address it would be under no policy; from a blob it is under the page's.
  const start = `import ${JSON.stringify(new URL(script, import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([start], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module', name: 'lab' });
  const lab = workerCalls(worker, Comlink.wrap<LabCalls>(worker), onFailure);
  // A worker that does not start says so to the call that it was started for.
  lab.start(document.baseURI, readHubSettings()).catch(() => {});
  return lab;
}
