/** Locks that all tabs of a browser share; over plain http there are none. */
const locksHere = (): LockManager | undefined => navigator.locks as LockManager | undefined;

/** Lets go of a lock; resolves when another one can take it. */
export type Release = () => Promise<void>;

/**
 * Takes a lock, which also ends with the tab.
 * @returns null while another one holds it, in this tab or elsewhere
 */
export async function takeLock(name: string): Promise<Release | null> {
  const locks = locksHere();
  if (!locks) return () => Promise.resolve();
  return await new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock)
        return new Promise((release) =>
          resolve(async () => {
            release();
            await ended;
          }),
        );
      resolve(null);
      return undefined;
    };
    const ended = locks.request(name, { ifAvailable: true }, held);
    ended.catch(reject);
  });
}

/** Names of the locks that are held anywhere and begin so, without that beginning. */
export async function heldLocks(beginning: string): Promise<ReadonlySet<string>> {
  const { held = [] } = (await locksHere()?.query()) ?? {};
  return new Set(
    held.flatMap(({ name }) => (name?.startsWith(beginning) ? [name.slice(beginning.length)] : [])),
  );
}
