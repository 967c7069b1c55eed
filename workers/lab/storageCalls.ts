import { clearStores } from '../../src/lab/cache/opfs.ts';
import { removeKept } from '../../src/lab/hub/keptModels.ts';
import { type StoredSummary, storedSummary } from '../../src/lab/pipeline/storedSummary.ts';
import { clearRun } from '../../src/lab/training/checkpointStore.ts';
import type { LabState } from './labState.ts';

/** What the browser keeps between visits. */
export interface StorageCalls {
  stored(): Promise<StoredSummary>;
  clearStored(): Promise<void>;
  /** Forgets a stopped training run. */
  clearRun(key: string): Promise<void>;
  /** Deletes a model of the hub that is kept. */
  clearDownload(repository: string, commit: string): Promise<void>;
}

export function storageCalls({ runs }: LabState): StorageCalls {
  return {
    stored: async () => await storedSummary((await navigator.storage.estimate()).quota),
    async clearStored() {
      runs.refuseWhileRunning('A run is using the stored embeddings; cancel it first.');
      await clearStores();
    },
    async clearRun(key) {
      runs.refuseWhileRunning('A run may be using its checkpoint; pause it first.');
      await clearRun(key);
    },
    async clearDownload(repository, commit) {
      runs.refuseWhileRunning('A run may be using it; cancel the run first.');
      await removeKept(repository, commit);
    },
  };
}
