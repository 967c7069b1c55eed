import { create } from 'zustand';
import type { TeacherCost } from '../lab/pipeline/teacherCost.ts';
import { withTraining } from '../lab/spec/editTraining.ts';
import { onCostInputs } from './costInputs.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useSettings } from './settings.ts';
import { timedReport } from './timedReport.ts';

interface TeacherCosts {
  readonly costs: readonly TeacherCost[];
  /** Whose pace the times are at; null where none is known. */
  readonly basis: string | null;
}

/** What teachers of the settings' training runs would be asked before the first step. */
export const useTeacherCost = create<{ readonly asked: Loadable<TeacherCosts> }>(() => ({
  asked: { status: 'loading' },
}));

const take = latest<TeacherCosts>((asked) => useTeacherCost.setState({ asked }));

const askSoon = debounced(() => {
  void take(async () => {
    const pace = timedReport()?.pace ?? null;
    const costs = await labClient().teacherCosts(withTraining(useSettings.getState().spec), pace);
    return { costs, basis: pace?.source ?? null };
  });
});

/** Keeps the cost up to date with the settings and with what was timed, as long as it is looked at. @returns stops that */
export function followTeacherCost(): () => void {
  askSoon();
  return onCostInputs('storedComparison', askSoon);
}
