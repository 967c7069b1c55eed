import { listStores, type StoreSummary } from '../cache/opfs.ts';
import { roomLeft } from '../cache/room.ts';
import { type KeptModel, listKept } from '../hub/keptModels.ts';
import { listRuns, type StoredRun } from '../training/checkpointStore.ts';
import { listUnfinished, type UnfinishedRun } from './unfinishedRuns.ts';

/** What the browser keeps between visits. */
export interface StoredSummary {
  readonly stores: readonly StoreSummary[];
  /** Size of the stores. */
  readonly bytes: number;
  /** Training runs that were stopped. */
  readonly runs: readonly StoredRun[];
  /** Runs that a closed or crashed tab cut off. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Models of the hub. */
  readonly downloads: readonly KeptModel[];
  /** Bytes that the browser still grants the page; null where it does not say. */
  readonly room: number | null;
}

/** @param lab its version */
export async function storedSummary(lab: string): Promise<StoredSummary> {
  const stores = await listStores();
  return {
    stores,
    bytes: stores.reduce((sum, store) => sum + store.bytes, 0),
    runs: await listRuns(),
    unfinished: await listUnfinished(lab),
    downloads: await listKept(),
    room: await roomLeft(),
  };
}
