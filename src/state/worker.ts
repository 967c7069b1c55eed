import * as Comlink from 'comlink';
import type { LabWorker } from '../../workers/lab.ts';
import script from '../../workers/lab.ts?worker&url';
import { readHubSettings } from './hubSettings.ts';

export interface StartedLab {
  readonly lab: Comlink.Remote<LabWorker>;
  /** Marks a function as one that the worker calls back. */
  readonly proxy: typeof Comlink.proxy;
}

/** Starts the lab's worker and tells it where the page's files lie, and which hub to ask. */
export function startLabWorker(): StartedLab {
  // Started from its own address it would be under no policy; from a blob it is under the page's.
  const start = `import ${JSON.stringify(new URL(script, import.meta.url).href)};`;
  const url = URL.createObjectURL(new Blob([start], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module', name: 'lab' });
  const lab = Comlink.wrap<LabWorker>(worker);
  void lab.start(document.baseURI, readHubSettings());
  return { lab, proxy: Comlink.proxy };
}
