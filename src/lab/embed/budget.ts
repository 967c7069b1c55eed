import { isAccelerator, type SessionInfo } from '../models/types.ts';

/**
 * Padded tokens a batch holds. On the processor a batch should fit its caches, on a GPU it should
 * fill it; `npm run bench` measures both.
 */
export function tokenBudget(backend: SessionInfo['backend']): number {
  return isAccelerator(backend) ? 16_384 : 2048;
}

/**
 * Documents that are searched together: small enough that a curve refines about eight times on a
 * small collection, large enough to sort by length and to bound memory on a large one.
 */
export function chunkSize(documents: number): number {
  return Math.min(1024, Math.max(64, Math.ceil(documents / 8)));
}
