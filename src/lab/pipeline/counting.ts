import type { RunListener } from './events.ts';

/**
 * Says how far a count is and, from the pace since its first part was done, how long the rest takes.
 * @param what is counted, as "pairs of foldoc by the CE"
 */
export function counting(listen: RunListener, what: string): (done: number, total: number) => void {
  let first: { readonly done: number; readonly at: number } | null = null;
  return (done, total) => {
    const now = performance.now();
    first ??= { done, at: now };
    const secondsLeft =
      done > first.done ? (((now - first.at) / 1000) * (total - done)) / (done - first.done) : null;
    void listen({ type: 'count', what, done, total, secondsLeft });
  };
}
