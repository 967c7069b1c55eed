import { create } from 'zustand';
import type { Estimate } from '../lab/pipeline/estimate.ts';
import { pacingOf } from '../lab/pipeline/pacing.ts';
import { onCostInputs } from './costInputs.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useReports } from './reports.ts';
import { useSettings } from './settings.ts';

/** What the settings would cost. */
export const useEstimate = create<{ readonly estimate: Loadable<Estimate> }>(() => ({
  estimate: { status: 'loading' },
}));

const take = latest<Estimate>((estimate) => useEstimate.setState({ estimate }));

const askSoon = debounced(() => {
  void take(async () => {
    const { stored } = useReports.getState();
    const pacing = stored.status === 'ready' ? pacingOf(stored.value, 'the stored run') : null;
    return await labClient().estimate(useSettings.getState().spec, pacing);
  });
});

/** Keeps the estimate up to date with the settings, and with what was measured. */
export function followCost(): void {
  onCostInputs('stored', askSoon);
  askSoon();
}
