import fc from 'fast-check';
import { isUserError } from '../../../src/base/userError.ts';
import { garbled } from './garbled.ts';
import type { FuzzedReader } from './readers.ts';

/**
 * Gives a reader so many garbled files.
 * @throws Error with the smallest file that was found for which it throws anything but a UserError, or changes what
 *   all objects inherit
 */
export async function fuzz({ seeds, read }: FuzzedReader, runs: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(garbled(seeds), async (bytes) => {
      try {
        await read(bytes);
      } catch (error) {
        if (!isUserError(error)) throw error;
      }
      if ('polluted' in {}) {
        Reflect.deleteProperty(Object.prototype, 'polluted');
        throw new Error('The prototype of all objects was changed.');
      }
    }),
    { numRuns: runs, seed },
  );
}
