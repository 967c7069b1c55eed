import { availableParallelism } from 'node:os';
import { UserError } from '../src/base/userError.ts';

/**
 * Reads `--threads`.
 * @returns how many threads models and searches take in Node; those that the system grants this process where none are
 * asked for
 * @throws UserError for a number that there is not, or in a browser
 */
export function readThreads(asked: string | undefined, runtime: 'node' | 'browser'): number {
  if (asked === undefined) return availableParallelism();
  const threads = Number(asked);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new UserError(`--threads takes a whole number from 1, not "${asked}".`);
  }
  if (runtime === 'browser') {
    throw new UserError('--threads belongs to Node; a browser chooses by itself, so leave it out.');
  }
  return threads;
}
