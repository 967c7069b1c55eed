import { useState } from 'react';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { embeddingLayers, pairing } from '../../../lab/lesson/figures.ts';
import { three } from '../../../lab/lesson/numbers.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';
import { MetricField } from './MetricField.tsx';

/** The test over the collections that are chosen, computed anew. */
export function TouchTest({ layers: { layerwise } }: LessonSources) {
  const [metric, setMetric] = useState('hits@10');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const text = english.controls.test;
  const rows = embeddingLayers(layerwise, metric);
  const taken = rows.filter(({ dataset }) => !left.has(dataset));
  const toggle = (dataset: string): void => {
    const next = new Set(left);
    if (!next.delete(dataset)) next.add(dataset);
    setLeft(next);
  };
  return (
    <>
      <MetricField rows={layerwise} metric={metric} onChange={setMetric} />
      <fieldset>
        <legend>{text.collections}</legend>
        {rows.map(({ dataset }) => (
          <label key={dataset} className="check">
            <input type="checkbox" checked={!left.has(dataset)} onChange={() => toggle(dataset)} />
            {dataset}
          </label>
        ))}
      </fieldset>
      <PlainTable
        table={{
          caption: text.caption,
          columns: [text.collection, 'CE', 'DE', text.difference],
          rows: taken.map(({ dataset, ce, de }) => [dataset, three(ce), three(de), three(ce - de)]),
        }}
      />
      <p role="status" className="measured">
        {taken.length < 2
          ? text.tooFew
          : text.sentence(
              pairing(
                taken.map(({ ce }) => ce),
                taken.map(({ de }) => de),
              ),
            )}
      </p>
    </>
  );
}
