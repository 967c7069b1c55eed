import { listStores, type StoreSummary } from '../cache/opfs.ts';
import { type KeptModel, listKept } from '../hub/keptModels.ts';
import { listRuns, type StoredRun } from '../training/checkpointStore.ts';

/** What the browser keeps between visits. */
export interface StoredSummary {
  readonly stores: readonly StoreSummary[];
  /** Size of the stores. */
  readonly bytes: number;
  /** Training runs that were stopped. */
  readonly runs: readonly StoredRun[];
  /** Models of the hub. */
  readonly downloads: readonly KeptModel[];
  /** What the browser grants the page in all; null where it does not say. */
  readonly quota: number | null;
}

/** @param quota as `navigator.storage.estimate` says */
export async function storedSummary(quota: number | undefined): Promise<StoredSummary> {
  const stores = await listStores();
  return {
    stores,
    bytes: stores.reduce((sum, store) => sum + store.bytes, 0),
    runs: await listRuns(),
    downloads: await listKept(),
    quota: quota ?? null,
  };
}
