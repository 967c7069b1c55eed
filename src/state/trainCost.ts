import { create } from 'zustand';
import { sentenceOf } from '../base/userError.ts';
import type { TrainingCost } from '../lab/training/cost.ts';
import { labWorker } from './lab.ts';
import type { Loadable } from './loadable.ts';
import { useSettings } from './settings.ts';
import { withTraining } from './trainSettings.ts';

/** What the training runs of the settings would take of the device. */
export const useTrainCost = create<{ readonly costs: Loadable<readonly TrainingCost[]> }>(() => ({
  costs: { status: 'loading' },
}));

let asked = 0;

/** Asks for what the settings' training runs take. */
export async function askTrainCost(): Promise<void> {
  const number = ++asked;
  let costs: Loadable<readonly TrainingCost[]>;
  try {
    const spec = withTraining(useSettings.getState().spec);
    costs = { status: 'ready', value: await labWorker().lab.trainingCosts(spec) };
  } catch (error) {
    costs = { status: 'failed', sentence: sentenceOf(error) };
  }
  // A later question's answer may have come before.
  if (number === asked) useTrainCost.setState({ costs });
}
