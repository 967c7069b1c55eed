import { useEffect } from 'react';
import { bytes } from '../../base/units.ts';
import { PlainTable } from '../../components/PlainTable.tsx';
import { bytesOf, type TrainingCost } from '../../lab/training/cost.ts';
import { useSettings } from '../../state/settings.ts';
import { askTrainCost, useTrainCost } from '../../state/trainCost.ts';

/** Keystrokes apart by less than this are one change. */
const settleMs = 250;

/** What the settings will take of the device, before they take it. */
export function TrainCost() {
  const { models, train } = useSettings((state) => state.spec);
  const costs = useTrainCost((state) => state.costs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the cost is of
  useEffect(() => {
    const timer = setTimeout(() => void askTrainCost(), settleMs);
    return () => clearTimeout(timer);
  }, [models, train]);
  if (costs.status === 'loading') return <p className="quiet">Counting parameters…</p>;
  if (costs.status === 'failed') {
    return (
      <p className="problem" role="alert">
        {costs.sentence}
      </p>
    );
  }
  return (
    <>
      <PlainTable table={costTable(costs.value)} />
      <p className="quiet">
        Memory of the device at most, texts being as long as they may be. The activations are those of the
        texts at once, whatever the batch. How long it takes is told from the first steps on.
      </p>
    </>
  );
}

function costTable(costs: readonly TrainingCost[]) {
  const row = (name: string, of: (cost: TrainingCost) => string): string[] => [name, ...costs.map(of)];
  return {
    caption: 'What training takes',
    columns: ['on the device', ...costs.map(({ name }) => name)],
    rows: [
      row('Parameters', ({ parameters }) => `${(parameters / 1e6).toFixed(2)} M`),
      row('Weights', ({ weights }) => bytes(weights)),
      row('Gradients', ({ gradients }) => bytes(gradients)),
      row('Moments', ({ moments }) => bytes(moments)),
      row('Activations', ({ activations }) => bytes(activations)),
      row('In all', (cost) => bytes(bytesOf(cost))),
    ],
  };
}
