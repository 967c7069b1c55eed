import * as Comlink from 'comlink';
import { pageWorker } from '../base/pageWorker.ts';
import { type HubSettings, readHubSettings } from './hubSettings.ts';
import { workerCalls } from './workerCalls.ts';

interface Started {
  start(base: string, hub: HubSettings): void;
}

export interface StartedWorker<T> {
  readonly calls: Comlink.Remote<T>;
  /** Ends it and frees what it held; nothing may be asked of it any more. */
  end(): void;
}

/**
 * Starts a worker and tells it where the page's files lie, and which hub to ask.
 * @param script its address, as Vite's `?worker&url` gives it
 * @param onFailure told once; to start another worker at the next call
 * @param onBusy told whether any call waits, when that changes
 */
export function startWorker<T extends Started>(
  name: string,
  script: string,
  onFailure: () => void,
  onBusy?: (busy: boolean) => void,
): StartedWorker<T> {
  const worker = pageWorker(new URL(script, import.meta.url).href, name);
  const calls = workerCalls(worker, Comlink.wrap<T>(worker), onFailure, onBusy);
  // A worker that does not start says so to the call that it was started for.
  (calls as unknown as { start(...given: Parameters<Started['start']>): Promise<void> })
    .start(document.baseURI, readHubSettings())
    .catch(() => {});
  return { calls, end: () => worker.terminate() };
}
