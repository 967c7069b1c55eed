import { version } from '../../package.json';
import { clearStores } from '../../src/lab/cache/opfs.ts';
import { storageEstimate } from '../../src/lab/cache/room.ts';
import { removeKept } from '../../src/lab/hub/keptModels.ts';
import { type StoredSummary, storedSummary } from '../../src/lab/pipeline/storedSummary.ts';
import { forgetRunJournal } from '../../src/lab/pipeline/unfinishedRuns.ts';
import { clearRun } from '../../src/lab/training/checkpointStore.ts';
import type { LabState } from './labState.ts';

/** What the browser keeps between visits. */
export interface StorageCalls {
  stored(): Promise<StoredSummary>;
  clearStored(): Promise<void>;
  /** Forgets a stopped training run. */
  clearRun(key: string): Promise<void>;
  /** Forgets how far a run was that a closed tab cut off. */
  clearUnfinished(id: string): Promise<void>;
  /** Deletes a model of the hub that is kept. */
  clearDownload(repository: string, commit: string): Promise<void>;
}

export function storageCalls({ runs }: LabState): StorageCalls {
  return {
    stored: async () => await storedSummary((await storageEstimate()).quota, version),
    async clearStored() {
      runs.refuseWhileRunning('A run is using the stored embeddings; cancel it first.');
      await clearStores();
    },
    async clearRun(key) {
      runs.refuseWhileRunning('A run may be using its checkpoint; pause it first.');
      await clearRun(key);
    },
    clearUnfinished: forgetRunJournal,
    async clearDownload(repository, commit) {
      runs.refuseWhileRunning('A run may be using it; cancel the run first.');
      await removeKept(repository, commit);
    },
  };
}
