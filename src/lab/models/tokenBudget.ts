import { isAccelerator, type SessionInfo } from './types.ts';

/**
 * Padded tokens a batch holds. On the processor a batch should fit its caches, on a GPU it should
 * fill it; `npm run bench` measures both.
 */
export function tokenBudget(backend: SessionInfo['backend']): number {
  return isAccelerator(backend) ? 16_384 : 2048;
}
