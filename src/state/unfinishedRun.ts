import { create } from 'zustand';
import { parseSpec } from '../lab/spec/parse.ts';
import type { Spec } from '../lab/spec/spec.ts';

const storageKey = 'layerlab-unfinished-run';

function kept(): Spec | null {
  try {
    const text = localStorage.getItem(storageKey);
    return text === null ? null : parseSpec(JSON.parse(text));
  } catch {
    // Storage is switched off, or the spec is of a lab that took other fields: there is nothing to go on with.
    return null;
  }
}

/** The comparison that a reload or a closed tab cut off; null where none was. */
export const useUnfinishedRun = create<{ readonly spec: Spec | null }>(() => ({ spec: kept() }));

/** Remembers a comparison while it goes on, so that it can go on after the page is gone. */
export function rememberRun(spec: Spec): void {
  useUnfinishedRun.setState({ spec: null });
  try {
    localStorage.setItem(storageKey, JSON.stringify(spec));
  } catch {
    // Without storage it cannot go on after a reload; now it goes on as it would.
  }
}

export function forgetUnfinishedRun(): void {
  useUnfinishedRun.setState({ spec: null });
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}
