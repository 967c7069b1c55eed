import { create } from 'zustand';
import type { StoredSummary } from '../lab/pipeline/storedSummary.ts';
import { labClient } from './labClient.ts';
import { type Loadable, loaded } from './loadable.ts';

/** Embeddings, models of the hub and stopped training runs that the browser keeps for the next run. */
export const useStorage = create<{ readonly stored: Loadable<StoredSummary> }>(() => ({
  stored: { status: 'loading' },
}));

export async function refreshStorage(): Promise<void> {
  await afterwards(() => Promise.resolve());
}

export async function clearStorage(): Promise<void> {
  await afterwards(() => labClient().clearStored());
}

export async function forgetRun(key: string): Promise<void> {
  await afterwards(() => labClient().clearRun(key));
}

/** Forgets how far a run was that a closed tab cut off. */
export async function forgetUnfinished(id: string): Promise<void> {
  await afterwards(() => labClient().clearUnfinished(id));
}

export async function forgetDownload(repository: string, commit: string): Promise<void> {
  await afterwards(() => labClient().clearDownload(repository, commit));
}

/** What is stored once a change is made. */
async function afterwards(change: () => Promise<void>): Promise<void> {
  const stored = await loaded(async () => {
    await change();
    return await labClient().stored();
  });
  useStorage.setState({ stored });
}
