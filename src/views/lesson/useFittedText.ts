import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Below this share of the presenter's type size, text is no longer read from the last row; the step scrolls instead. */
const smallest = 0.75;
const finer = 0.05;
/** Screens that are narrower show a step in one column, which scrolls anyway. */
const wide = '(min-width: 60rem)';

/**
 * Sets `--fit` on an element: the share of its type size at which the page needs no scrolling.
 * @param shows what is shown, since another text is fitted anew
 */
export function useFittedText(active: boolean, shows: string): RefObject<HTMLDivElement | null> {
  const fitted = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has another height
  useLayoutEffect(() => {
    const element = fitted.current;
    if (!active || !element) return;
    let share = 1;
    const set = (to: number): void => {
      share = to;
      element.style.setProperty('--fit', share.toFixed(2));
    };
    const shrink = (): void => {
      if (!matchMedia(wide).matches) return;
      while (share > smallest && document.documentElement.scrollHeight > innerHeight) {
        set(Math.max(smallest, share - finer));
      }
    };
    const again = (): void => {
      set(1);
      shrink();
    };
    again();
    // What there is to touch is loaded after the step, which it makes higher.
    const observer = new MutationObserver(shrink);
    observer.observe(element, { childList: true, subtree: true });
    addEventListener('resize', again);
    return () => {
      observer.disconnect();
      removeEventListener('resize', again);
      element.style.removeProperty('--fit');
    };
  }, [active, shows]);
  return fitted;
}
