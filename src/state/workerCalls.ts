type Call = (...args: unknown[]) => unknown;

/**
 * The calls of a worker, which would otherwise wait for ever for one that does not start or that fails: each one
 * pending is then rejected with one sentence, and so is each that comes later.
 * @param remote what comlink makes of the worker
 * @param onFailure told once; to start another worker at the next call
 * @param onBusy told whether any call waits, when that changes
 */
export function workerCalls<T>(
  worker: Worker,
  remote: T,
  onFailure: () => void = () => {},
  onBusy: (busy: boolean) => void = () => {},
): T {
  const pending = new Set<(reason: Error) => void>();
  let failure: Error | null = null;
  let hasAnswered = false;
  const fail = (reason: string): void => {
    if (failure) return;
    failure = new Error(
      hasAnswered
        ? `The lab’s worker failed (${reason}); try again, and reload the page if it fails once more.`
        : `The lab’s worker did not start (${reason}); reload the page.`,
    );
    worker.terminate();
    for (const reject of pending) reject(failure);
    if (pending.size > 0) onBusy(false);
    pending.clear();
    onFailure();
  };
  worker.addEventListener('error', ({ message }) => fail(message || 'its script could not be loaded'));
  worker.addEventListener('messageerror', () => fail('it sent what could not be read'));

  const call = (name: string | symbol, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (failure) {
        reject(failure);
        return;
      }
      if (pending.size === 0) onBusy(true);
      pending.add(reject);
      const settle = (how: (value: unknown) => void) => (value: unknown) => {
        hasAnswered = true;
        if (pending.delete(reject) && pending.size === 0) onBusy(false);
        how(value);
      };
      // Comlink's proxy answers to any name.
      const method = (remote as Record<string | symbol, Call>)[name]!;
      Promise.resolve(method(...args)).then(settle(resolve), settle(reject));
    });
  return new Proxy({} as object, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        call(name, args),
  }) as T;
}
