/** A hidden tab has no frames, but what waits for one goes on. */
const longestMs = 250;

/** Calls back once, before the page's next frame. */
export function nextFrame(callback: () => void): void {
  let called = false;
  const once = (): void => {
    if (called) return;
    called = true;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(once, longestMs);
  requestAnimationFrame(once);
}
