import { UserError } from './userError.ts';

/** How engines say that they have no memory left, for a buffer or for all of WebAssembly. */
const words =
  /allocation failed|out of memory|allocate a buffer|bad_alloc|invalid (?:typed )?array (?:buffer )?length|could not allocate|grow memory|memory access out of bounds|WebAssembly\.Memory/i;

/** Whether something failed for want of memory. */
export function isOutOfMemory(thrown: unknown): boolean {
  return thrown instanceof Error && words.test(thrown.message);
}

/**
 * Does what takes much memory.
 * @param remedy what to do where there is not enough
 * @throws UserError that `what`, as a file, takes more memory than there is
 */
export async function withinMemory<T>(
  what: string,
  remedy: () => string | Promise<string>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw new UserError(`takes more memory than this tab has left; ${await remedy()}.`, { file: what });
  }
}
