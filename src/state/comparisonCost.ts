import { create } from 'zustand';
import { smallModelSpec } from '../lab/compare/smallModel.ts';
import { type ComparisonCost, comparisonPaceOf } from '../lab/pipeline/comparisonCost.ts';
import { withComparison } from '../lab/spec/editComparison.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useSettings } from './settings.ts';

interface Costs {
  /** Of the settings. */
  readonly own: ComparisonCost;
  /** Of the preset, by its size. */
  readonly small: ComparisonCost;
  readonly full: ComparisonCost;
}

/** What comparisons would take; null where nothing was timed yet, here or for the stored result. */
export const useComparisonCost = create<{ readonly costs: Loadable<Costs | null> }>(() => ({
  costs: { status: 'loading' },
}));

const take = latest<Costs | null>((costs) => useComparisonCost.setState({ costs }));

const askSoon = debounced(() => {
  void take(async () => {
    const { run } = useRun.getState();
    const { storedComparison } = useReports.getState();
    const pace =
      (run.status === 'done' ? comparisonPaceOf(run.report, 'the last run here') : null) ??
      (storedComparison.status === 'ready'
        ? comparisonPaceOf(storedComparison.value, 'the stored run, which had two cores and no GPU')
        : null);
    if (!pace) return null;
    const costOf = (spec: Spec): Promise<ComparisonCost> => labClient().comparisonCost(spec, pace);
    return {
      own: await costOf(withComparison(useSettings.getState().spec)),
      small: await costOf(smallModelSpec('small')),
      full: await costOf(smallModelSpec('full')),
    };
  });
});

/** Keeps the cost up to date with the settings and with what was timed, as long as it is looked at. @returns stops that */
export function followComparisonCost(): () => void {
  askSoon();
  const stops = [
    useSettings.subscribe(({ spec }, before) => {
      if (spec !== before.spec) askSoon();
    }),
    useReports.subscribe(({ storedComparison }, before) => {
      if (storedComparison !== before.storedComparison) askSoon();
    }),
    useRun.subscribe(({ run }, before) => {
      if (run.status === 'done' && before.run.status !== 'done') askSoon();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
