import { useEffect } from 'react';
import { bytes } from '../../base/units.ts';
import { PlainTable } from '../../components/PlainTable.tsx';
import { Problem } from '../../components/Problem.tsx';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { bytesOf, type TrainingCost } from '../../lab/training/trainingCost.ts';
import { followTrainCost, useTrainCost } from '../../state/trainCost.ts';

/** What the settings will take of the device, before they take it. */
export function TrainCost() {
  const costs = useTrainCost((state) => state.costs);
  useEffect(followTrainCost, []);
  if (costs.status === 'loading') return <p className="quiet">Counting parameters…</p>;
  if (costs.status === 'failed') {
    return <Problem>{costs.sentence}</Problem>;
  }
  return (
    <>
      <PlainTable table={costTable(costs.value)} />
      <p className="quiet">
        Upper bounds of device memory, reached when every text has the maximum length. Activations depend on
        the mini-batch size, not on the batch size. The time left is estimated after the first steps.
      </p>
    </>
  );
}

function costTable(costs: readonly TrainingCost[]) {
  const row = (name: string, of: (cost: TrainingCost) => string): string[] => [name, ...costs.map(of)];
  return {
    caption: 'What training takes',
    columns: ['on the device', ...costs.map(({ name }) => modelLabel(name))],
    rows: [
      row('Parameters', ({ parameters }) => `${(parameters / 1e6).toFixed(2)} M`),
      row('Weights', ({ weights }) => bytes(weights)),
      row('Gradients', ({ gradients }) => bytes(gradients)),
      row('Moments', ({ moments }) => bytes(moments)),
      row('Activations', ({ activations }) => bytes(activations)),
      row('Total', (cost) => bytes(bytesOf(cost))),
    ],
  };
}
