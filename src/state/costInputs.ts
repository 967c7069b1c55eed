import { useReports } from './reports.ts';
import { useRun } from './run.ts';
import { useSettings } from './settings.ts';

/**
 * Asks anew when what a cost is reckoned from changes: the settings, the stored report of that name, and a run's end.
 * @returns stops that
 */
export function onCostInputs(report: 'stored' | 'storedComparison', ask: () => void): () => void {
  const stops = [
    useSettings.subscribe(({ spec }, before) => {
      if (spec !== before.spec) ask();
    }),
    useReports.subscribe((reports, before) => {
      if (reports[report] !== before[report]) ask();
    }),
    useRun.subscribe(({ run }, before) => {
      if (run.status === 'done' && before.run.status !== 'done') ask();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
