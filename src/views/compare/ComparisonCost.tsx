import { useEffect } from 'react';
import { duration } from '../../base/units.ts';
import { PlainTable } from '../../components/PlainTable.tsx';
import { Problem } from '../../components/Problem.tsx';
import type { Table } from '../../lab/formats/table.ts';
import type { ComparisonCost as Cost } from '../../lab/pipeline/comparisonCost.ts';
import { modelLabel, systemLabel } from '../../lab/spec/systemLabel.ts';
import { followComparisonCost, useComparisonCost } from '../../state/comparisonCost.ts';

/** What the comparison takes before it is begun: in all, and by collection and system. */
export function ComparisonCost() {
  useEffect(followComparisonCost, []);
  const cost = useComparisonCost((state) => state.costs);
  if (cost.status === 'failed') return <Problem>{cost.sentence}</Problem>;
  if (cost.status === 'loading' || cost.value === null) return null;
  const { own } = cost.value;
  const { seconds, fullSeconds, isFull, basis } = own;
  return (
    <>
      <p className="quiet cost">
        {isFull
          ? `All of it takes ${about(fullSeconds)}`
          : `This sample takes ${about(seconds)}, whole collections ${about(fullSeconds)}`}{' '}
        at the pace of {basis}. What was embedded before is not embedded again.
      </p>
      <details>
        <summary>Time by collection and system</summary>
        <PlainTable table={costTable(own)} />
      </details>
    </>
  );
}

function about(seconds: number | null): string {
  return seconds === null ? 'a time that is not known' : `about ${duration(seconds)}`;
}

function costTable({ collections, training, teachers }: Cost): Table {
  const cell = (seconds: number | null): string => (seconds === null ? 'not known' : duration(seconds));
  return {
    caption: 'Time by collection and system',
    columns: ['part', 'this sample', 'in full'],
    rows: [
      ...training.map(({ name, seconds }) => [`training ${modelLabel(name)}`, cell(seconds), cell(seconds)]),
      ...teachers.map(({ name, seconds }) => [
        `what ${modelLabel(name)} is taught`,
        cell(seconds),
        cell(seconds),
      ]),
      ...collections.flatMap(({ dataset, parts }) =>
        parts.map(({ what, seconds, fullSeconds }) => [
          `${dataset}, ${what === 'reranking' ? what : systemLabel(what)}`,
          cell(seconds),
          cell(fullSeconds),
        ]),
      ),
    ],
  };
}
