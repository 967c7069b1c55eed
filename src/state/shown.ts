import { useMemo } from 'react';
import { origins, type Shown, useView } from './view.ts';

/** Whether a page has something to draw from each origin. */
export type Drawable = Readonly<Record<Shown, boolean>>;

/**
 * Which result a page shows: what the visitor chose last; where that has nothing for this page, the run made
 * here; else the stored one.
 * @returns null when there is nothing to draw
 */
export function shownOf(chosen: Shown, has: Drawable): Shown | null {
  return ([chosen, 'run', 'stored'] as const).find((one) => has[one]) ?? null;
}

/** {@link shownOf} on the page, and what the visitor can choose from. */
export function useShown({ stored, run, opened }: Drawable): {
  readonly shown: Shown | null;
  readonly choices: readonly Shown[];
} {
  const chosen = useView((state) => state.shown);
  const choices = useMemo(() => {
    const has: Drawable = { stored, run, opened };
    return origins.filter((one) => has[one]);
  }, [stored, run, opened]);
  return { shown: shownOf(chosen, { stored, run, opened }), choices };
}
