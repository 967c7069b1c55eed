import { create } from 'zustand';
import type { StorageForecast } from '../lab/pipeline/storageForecast.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useSettings } from './settings.ts';

/** What the run that a page offers would store. */
export const useStorageForecast = create<{ readonly forecast: Loadable<StorageForecast> }>(() => ({
  forecast: { status: 'loading' },
}));

const take = latest<StorageForecast>((forecast) => useStorageForecast.setState({ forecast }));

/**
 * Keeps the forecast up to date with the settings, as long as it is looked at.
 * @param specOf the spec that the page runs
 * @returns stops that
 */
export function followStorageForecast(specOf: (settings: Spec) => Spec): () => void {
  let left = false;
  const ask = debounced(() => {
    if (left) return;
    void take(() => labClient().storageForecast(specOf(useSettings.getState().spec)));
  });
  useStorageForecast.setState({ forecast: { status: 'loading' } });
  ask();
  const stop = useSettings.subscribe(({ spec }, before) => {
    if (spec !== before.spec) ask();
  });
  return () => {
    stop();
    left = true;
    // An answer that is still to come is of another page's run.
    void take(null);
  };
}
