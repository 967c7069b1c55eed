import { create } from 'zustand';
import { keptInWords } from '../lab/pipeline/keptInWords.ts';
import type { Removable } from '../lab/pipeline/removable.ts';
import type { StoredSummary } from '../lab/pipeline/storedSummary.ts';
import { markKept, noticeCleared } from './keptMark.ts';
import { labClient } from './labClient.ts';
import { type Loadable, loaded } from './loadable.ts';
import { askToKeep } from './persistence.ts';

/** Embeddings, models of the hub and stopped training runs that the browser keeps for the next run. */
export const useStorage = create<{ readonly stored: Loadable<StoredSummary> }>(() => ({
  stored: { status: 'loading' },
}));

/** Looks at what earlier visits kept, and whether the browser has cleared it. */
export async function lookAtStorage(): Promise<void> {
  await noticeCleared();
  await refreshStorage();
}

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

/** Makes room. */
export async function forget(caches: readonly Removable[]): Promise<void> {
  await afterwards(async () => {
    for (const { kind, key } of caches) {
      const [name, commit = ''] = key;
      if (kind === 'download') await labClient().clearDownload(name, commit);
      else await labClient().clearStore(name);
    }
  });
}

/** What is stored once a change is made. */
async function afterwards(change: () => Promise<void>): Promise<void> {
  const stored = await loaded(async () => {
    await change();
    return await labClient().stored();
  });
  useStorage.setState({ stored });
  if (stored.status !== 'ready') return;
  const words = keptInWords(stored.value);
  await markKept('files', words);
  // A visitor may take long to answer.
  if (words.length > 0) void askToKeep();
}
