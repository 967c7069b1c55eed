import { create } from 'zustand';
import { smallModelSpec } from '../lab/compare/smallModel.ts';
import type { ComparisonCost } from '../lab/pipeline/comparisonCost.ts';
import type { Report } from '../lab/report/report.ts';
import { withComparison } from '../lab/spec/editComparison.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { onCostInputs } from './costInputs.ts';
import { debounced } from './debounced.ts';
import { labClient } from './labClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useSettings } from './settings.ts';
import { timedReport } from './timedReport.ts';

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

/** The preset's, with the report whose pace they are at: settings do not change them. */
let ofPreset: { readonly report: Report; readonly costs: Omit<Costs, 'own'> } | null = null;

const askSoon = debounced(() => {
  void take(async () => {
    const timed = timedReport();
    if (!timed) return null;
    const costOf = (spec: Spec): Promise<ComparisonCost> => labClient().comparisonCost(spec, timed.pace);
    if (ofPreset?.report !== timed.report) {
      const costs = {
        small: await costOf(smallModelSpec('small')),
        full: await costOf(smallModelSpec('full')),
      };
      ofPreset = { report: timed.report, costs };
    }
    return { own: await costOf(withComparison(useSettings.getState().spec)), ...ofPreset.costs };
  });
});

/**
 * Keeps the cost up to date with the settings and with what was timed, as long as it is looked at.
 * @returns stops that
 */
export function followComparisonCost(): () => void {
  askSoon();
  return onCostInputs('storedComparison', askSoon);
}
