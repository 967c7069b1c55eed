import { create } from 'zustand';
import type { Estimate } from '../../workers/lab.ts';
import { sentenceOf } from '../base/userError.ts';
import { pacingOf } from '../lab/pipeline/estimate.ts';
import { labWorker } from './lab.ts';
import type { Loadable } from './loadable.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useSettings } from './settings.ts';

/** What the settings would cost. */
export const useEstimate = create<{ readonly estimate: Loadable<Estimate> }>(() => ({
  estimate: { status: 'loading' },
}));

/** Keystrokes apart by less than this are one change. */
const settleMs = 250;

let asked = 0;

/** Keeps the estimate up to date with the settings, and with what was measured. */
export function followCost(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), settleMs);
  };
  useSettings.subscribe(({ spec }, before) => {
    if (spec !== before.spec) soon();
  });
  useReports.subscribe(({ stored }, before) => {
    if (stored !== before.stored) soon();
  });
  useRun.subscribe(({ run }, before) => {
    if (run.status === 'done' && before.run.status !== 'done') soon();
  });
  soon();
}

async function ask(): Promise<void> {
  const number = ++asked;
  let estimate: Loadable<Estimate>;
  try {
    const { stored } = useReports.getState();
    const pacing = stored.status === 'ready' ? pacingOf(stored.value, 'the stored run') : null;
    const value = await labWorker().lab.estimate(useSettings.getState().spec, pacing);
    estimate = { status: 'ready', value };
  } catch (error) {
    estimate = { status: 'failed', sentence: sentenceOf(error) };
  }
  // A later question's answer may have come before.
  if (number === asked) useEstimate.setState({ estimate });
}
