import { isAccelerator, type SessionInfo } from './types.ts';

/** How texts are gathered into batches. */
export interface Batching {
  /** Padded tokens that a batch may hold. */
  readonly tokens: number;
  /** What one more run of the model costs, in tokens: texts are padded to one another only where that is cheaper. */
  readonly run: number;
}

/**
 * On the processor a batch should fit its caches and hold little padding; on a GPU it should fill it. `npm run bench
 * embedding` and `npm run bench:embedders` measure the former; the latter was not measured.
 */
export function batchingFor(backend: SessionInfo['backend']): Batching {
  return isAccelerator(backend) ? { tokens: 16_384, run: 4096 } : { tokens: 2048, run: 48 };
}
