import * as Comlink from 'comlink';
import { clearRun, listRuns, openCheckpoint } from '../../src/lab/training/checkpointStore.ts';
import type { KeptTraining, OpenedCheckpoint } from '../../src/lab/training/keptTraining.ts';
import { madeIdentity } from './training.ts';

async function open(name: string, seed: number): Promise<OpenedCheckpoint> {
  const store = await openCheckpoint(madeIdentity(name, seed), 'adapter', () => {});
  if (!store) throw new Error('Files cannot be stored here.');
  return store;
}

/** Files can be written at once only in a worker, so the store's test lives in two places. */
const checkpoints = {
  write: async (name: string, seed: number, kept: KeptTraining): Promise<void> =>
    await (await open(name, seed)).write(kept),
  read: async (name: string, seed: number): Promise<KeptTraining | null> =>
    await (await open(name, seed)).read(),
  remove: async (name: string, seed: number): Promise<void> => await (await open(name, seed)).remove(),

  /** Changes a byte near the end of a run's file, or cuts it short. */
  async damage(file: string, how: 'cut' | 'change'): Promise<void> {
    const root = await navigator.storage.getDirectory();
    const runs = await root.getDirectoryHandle('layerlab-training');
    for await (const run of runs.values()) {
      if (run.kind !== 'directory') continue;
      const access = await (await run.getFileHandle(file)).createSyncAccessHandle();
      if (how === 'cut') access.truncate(access.getSize() - 4);
      else access.write(new Uint8Array([1, 2, 3, 4]), { at: access.getSize() - 4 });
      access.close();
    }
  },

  /** Names of the files of all runs. */
  async files(): Promise<string[]> {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const run of (await root.getDirectoryHandle('layerlab-training')).values()) {
      if (run.kind === 'directory') for await (const name of run.keys()) names.push(name);
    }
    return names.sort();
  },

  list: listRuns,
  async clear(): Promise<void> {
    for (const { key } of await listRuns()) await clearRun(key);
  },
};

export type CheckpointWorker = typeof checkpoints;
Comlink.expose(checkpoints);
