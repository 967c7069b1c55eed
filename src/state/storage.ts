import { create } from 'zustand';
import type { StoredSummary } from '../../workers/lab.ts';
import { sentenceOf } from '../base/userError.ts';
import { labWorker } from './lab.ts';
import type { Loadable } from './loadable.ts';

/** Embeddings, models of the hub and stopped training runs that the browser keeps for the next run. */
export const useStorage = create<{ readonly stored: Loadable<StoredSummary> }>(() => ({
  stored: { status: 'loading' },
}));

export async function refreshStorage(): Promise<void> {
  try {
    useStorage.setState({ stored: { status: 'ready', value: await labWorker().lab.stored() } });
  } catch (error) {
    useStorage.setState({ stored: { status: 'failed', sentence: sentenceOf(error) } });
  }
}

export async function clearStorage(): Promise<void> {
  await cleared(() => labWorker().lab.clearStored());
}

export async function forgetRun(key: string): Promise<void> {
  await cleared(() => labWorker().lab.clearRun(key));
}

export async function forgetDownload(repository: string, commit: string): Promise<void> {
  await cleared(() => labWorker().lab.clearDownload(repository, commit));
}

async function cleared(clear: () => Promise<void>): Promise<void> {
  try {
    await clear();
    await refreshStorage();
  } catch (error) {
    useStorage.setState({ stored: { status: 'failed', sentence: sentenceOf(error) } });
  }
}
