import { create } from 'zustand';
import { putSetting } from '../lab/cache/writes.ts';

/** Whether the browser has promised to keep what the page stores; null where it cannot be asked. */
export const usePersistence = create<{ readonly promised: boolean | null }>(() => ({ promised: null }));

const askedKey = 'layerlab-asked-to-keep';

function wasAsked(): boolean {
  try {
    return localStorage.getItem(askedKey) !== null;
  } catch {
    return false;
  }
}

/**
 * Asks the browser not to clear what the page stores, now that there is something to lose. Some ask the visitor in
 * turn, so it is done once unless the visitor wants it.
 */
export async function askToKeep(wanted = false): Promise<void> {
  // A page that is served without TLS has none.
  const storage: StorageManager | undefined = navigator.storage;
  if (!storage?.persist) return;
  try {
    let promised = await storage.persisted();
    if (!promised && (wanted || !wasAsked())) {
      putSetting(() => localStorage, askedKey, 'yes');
      promised = await storage.persist();
    }
    usePersistence.setState({ promised });
  } catch {
    // Some private windows refuse the question: nothing is promised.
    usePersistence.setState({ promised: false });
  }
}
