import { isAccelerator, type SessionInfo } from './types.ts';

/** How texts are gathered into batches. */
export interface Batching {
  /** Padded tokens that a batch may hold. */
  readonly tokens: number;
  /** What one more run of the model costs, in tokens: texts are padded to one another only where that is cheaper. */
  readonly run: number;
}

/**
 * On the processor a batch should fit its caches and hold little padding; where a text costs its own tokens alone, it
 * should keep all threads busy; a GPU it should fill. `npm run bench embedding` and `npm run bench:embedders` measure all
 * but the GPU's.
 */
export function batchingFor({
  backend,
  unpadded = false,
  threads = 1,
}: Pick<SessionInfo, 'backend'> & { readonly unpadded?: boolean; readonly threads?: number }): Batching {
  if (isAccelerator(backend)) return { tokens: 16_384, run: 4096 };
  return unpadded ? { tokens: 2048 * threads, run: 4096 } : { tokens: 2048, run: 48 };
}
