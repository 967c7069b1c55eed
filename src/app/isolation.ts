import { putSetting } from '../lab/cache/writes.ts';
import { serviceWorker } from '../state/version.ts';

/**
 * Threads of WebAssembly need a cross-origin isolated page. Where the host sends no isolation headers, as
 * most static hosts, the service worker adds them, and the page is loaded once more under it.
 */
export async function isolate(): Promise<void> {
  const worker = crossOriginIsolated ? undefined : serviceWorker();
  if (!worker) return;
  const mark = 'layerlab-isolation-tried';
  try {
    await worker.register({ immediate: true });
    await navigator.serviceWorker.ready;
    // Once: a browser that stays unisolated runs with one thread.
    if (sessionStorage.getItem(mark)) return;
    if (!putSetting(() => sessionStorage, mark, 'yes')) return;
    location.reload();
    await new Promise(() => {});
  } catch {
    // Private windows may refuse the service worker or the storage; one thread it is.
  }
}
