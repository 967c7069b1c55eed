import { nextFrame } from '../base/nextFrame.ts';

/**
 * Collects what comes in and hands it on in one piece, at most once a frame, so that a stream of events
 * draws the page no more often than it is shown.
 * @param schedule calls back before the next frame; see {@link nextFrame}
 */
export function batched<T>(
  deliver: (items: readonly T[]) => void,
  schedule: (callback: () => void) => void = nextFrame,
): { add: (item: T) => void; flush: () => void } {
  let waiting: T[] = [];
  let scheduled = false;
  const flush = (): void => {
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    deliver(items);
  };
  return {
    add(item) {
      waiting.push(item);
      if (scheduled) return;
      scheduled = true;
      schedule(() => {
        scheduled = false;
        flush();
      });
    },
    flush,
  };
}
