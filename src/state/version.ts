import { Workbox } from 'workbox-window';
import { create } from 'zustand';

/** Whether a later version of the lab has been fetched and waits to be taken. */
export const useVersion = create<{ readonly waiting: boolean }>(() => ({ waiting: false }));

let worker: Workbox | undefined;

/**
 * The page's own service worker, registered: it keeps the page for use without a network, and adds the headers
 * of isolation. The development server has none, and a frame on another page leaves that page's visitor alone.
 */
export function serviceWorker(): Workbox | undefined {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD || window.parent !== window) return undefined;
  worker ??= new Workbox('service-worker.js');
  return worker;
}

/** Registers the service worker and notices later versions. */
export async function followVersion(): Promise<void> {
  const registered = serviceWorker();
  if (!registered) return;
  registered.addEventListener('waiting', () => useVersion.setState({ waiting: true }));
  try {
    await registered.register({ immediate: true });
  } catch {
    // Private windows may refuse it; the lab then works with a network only.
  }
}

/** Loads the later version, which ends whatever this page is doing. */
export function takeVersion(): void {
  worker?.addEventListener('controlling', () => location.reload());
  worker?.messageSkipWaiting();
}
