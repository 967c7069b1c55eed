import type * as Comlink from 'comlink';
import { create } from 'zustand';
import type { ExploreCalls } from '../../workers/explore/createExplore.ts';
import script from '../../workers/explore/worker.ts?worker&url';
import { startWorker } from './startWorker.ts';

export type ExploreClient = Comlink.Remote<ExploreCalls>;

/** Whether the worker computes something that a reload of the page would end. */
export const useExploring = create<{ readonly busy: boolean }>(() => ({ busy: false }));

let client: ExploreClient | null = null;

/** The calls of the worker behind the page Explore, started when it is first needed, and anew when it failed. */
export function exploreClient(): ExploreClient {
  if (client) return client;
  client = startWorker<ExploreCalls>(
    'explore',
    script,
    () => {
      client = null;
    },
    (busy) => useExploring.setState({ busy }),
  ).calls;
  return client;
}
