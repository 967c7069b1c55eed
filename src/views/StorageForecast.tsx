import { useEffect } from 'react';
import type { Spec } from '../lab/spec/spec.ts';
import { followStorageForecast, useStorageForecast } from '../state/storageForecast.ts';
import { RoomFor } from './RoomFor.tsx';

/**
 * What the run that a page offers would store, against what the browser grants.
 * @param props.specOf the same function at each drawing
 */
export function StorageForecast({ specOf }: { readonly specOf: (settings: Spec) => Spec }) {
  const forecast = useStorageForecast((state) => state.forecast);
  useEffect(() => followStorageForecast(specOf), [specOf]);
  // Where a model cannot be read, what the run costs says so.
  return forecast.status === 'ready' ? <RoomFor {...forecast.value} /> : null;
}
