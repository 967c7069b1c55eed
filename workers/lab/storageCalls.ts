import { version } from '../../package.json';
import { clearStore, clearStores } from '../../src/lab/cache/opfs.ts';
import { removeKept } from '../../src/lab/hub/keptModels.ts';
import { splitSource } from '../../src/lab/hub/source.ts';
import { keptModelFiles } from '../../src/lab/models/keptModelFiles.ts';
import { collectionToEstimate } from '../../src/lab/pipeline/estimate.ts';
import { type StorageForecast, storageForecast } from '../../src/lab/pipeline/storageForecast.ts';
import { type StoredSummary, storedSummary } from '../../src/lab/pipeline/storedSummary.ts';
import { forgetRunJournal } from '../../src/lab/pipeline/unfinishedRuns.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { clearRun } from '../../src/lab/training/checkpointStore.ts';
import type { LabState } from './labState.ts';

/** What the browser keeps between visits. */
export interface StorageCalls {
  stored(): Promise<StoredSummary>;
  /** What a run of a spec would store; nothing is asked of the hub. */
  storageForecast(spec: Spec): Promise<StorageForecast>;
  clearStored(): Promise<void>;
  /** Forgets the embeddings of one model, read in one way. */
  clearStore(id: string): Promise<void>;
  /** Forgets a stopped training run. */
  clearRun(key: string): Promise<void>;
  /** Forgets how far a run was that a closed tab cut off. */
  clearUnfinished(id: string): Promise<void>;
  /** Deletes a model of the hub that is kept. */
  clearDownload(repository: string, commit: string): Promise<void>;
}

export function storageCalls(state: LabState): StorageCalls {
  const { runs } = state;
  return {
    stored: () => storedSummary(version),
    storageForecast: (spec) =>
      storageForecast(spec, {
        load: (dataset) => collectionToEstimate(dataset, state, spec.seed),
        async openFiles(source) {
          const { scheme, name } = splitSource(source);
          return scheme === 'hub' ? await keptModelFiles(name) : await state.openFiles(source);
        },
      }),
    async clearStored() {
      runs.refuseWhileRunning('A run is using the stored embeddings; cancel it first.');
      await clearStores();
    },
    async clearStore(id) {
      runs.refuseWhileRunning('A run is using the stored embeddings; cancel it first.');
      await clearStore(id);
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
