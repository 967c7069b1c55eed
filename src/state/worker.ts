import * as Comlink from 'comlink';
import type { LabWorker } from '../../workers/lab.ts';

export interface StartedLab {
  readonly lab: Comlink.Remote<LabWorker>;
  /** Marks a function as one that the worker calls back. */
  readonly proxy: typeof Comlink.proxy;
}

/** Starts the lab's worker and tells it where the page's files lie. */
export function startLabWorker(): StartedLab {
  const worker = new Worker(new URL('../../workers/lab.ts', import.meta.url), {
    type: 'module',
    name: 'lab',
  });
  const lab = Comlink.wrap<LabWorker>(worker);
  void lab.start(document.baseURI);
  return { lab, proxy: Comlink.proxy };
}
