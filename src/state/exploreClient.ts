import type * as Comlink from 'comlink';
import type { ExploreCalls } from '../../workers/explore/createExplore.ts';
import script from '../../workers/explore/worker.ts?worker&url';
import { droppedAgain } from './droppedFiles.ts';
import { startWorker } from './startWorker.ts';

export type ExploreClient = Comlink.Remote<ExploreCalls>;

let client: ExploreClient | null = null;

/** The calls of the worker behind the page Explore, started when it is first needed, and anew when it failed. */
export function exploreClient(): ExploreClient {
  if (client) return client;
  const started = startWorker<ExploreCalls>('explore', script, () => {
    client = null;
  });
  client = started;
  return started;
}

/** Tells the worker what was dropped on the page since it was told last. */
export async function bringDropped(explore: ExploreClient): Promise<void> {
  for (const { kind, name, files } of droppedAgain(explore)) {
    if (kind === 'model') await explore.addModel(name, files);
    else await explore.preview(name, files);
  }
}
