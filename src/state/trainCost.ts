import { create } from 'zustand';
import { withTraining } from '../lab/spec/editTraining.ts';
import type { TrainingCost } from '../lab/training/trainingCost.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useSettings } from './settings.ts';

/** What the training runs of the settings would take of the device. */
export const useTrainCost = create<{ readonly costs: Loadable<readonly TrainingCost[]> }>(() => ({
  costs: { status: 'loading' },
}));

const take = latest<readonly TrainingCost[]>((costs) => useTrainCost.setState({ costs }));

const askSoon = debounced(() => {
  void take(() => labClient().trainingCosts(withTraining(useSettings.getState().spec)));
});

/** Keeps the cost up to date with the settings, as long as it is looked at. @returns stops that */
export function followTrainCost(): () => void {
  askSoon();
  return useSettings.subscribe(({ spec }, before) => {
    if (spec.models !== before.spec.models || spec.train !== before.spec.train) askSoon();
  });
}
