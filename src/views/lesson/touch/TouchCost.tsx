import { useState } from 'react';
import { NumberField } from '../../../components/form/NumberField.tsx';
import { english } from '../../../lab/lesson/english.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';

const mostDocuments = 1e12;

/** What one query costs over a collection of any size, at the measured pace. */
export function TouchCost({ figures: { cost } }: LessonSources) {
  const [documents, setDocuments] = useState(cost.documents);
  const text = english.controls.cost;
  return (
    <>
      <NumberField
        label={text.documents}
        value={documents}
        min={1}
        max={mostDocuments}
        onChange={(value) => setDocuments(value ?? cost.documents)}
      />
      <div role="status" className="measured">
        <ul>
          <li>{text.all(documents, documents / cost.pairsPerSecond)}</li>
          <li>
            {text.rerank(
              Math.min(cost.depth, documents),
              Math.min(cost.depth, documents) / cost.pairsPerSecond,
            )}
          </li>
          <li>{text.dual(cost.queryMilliseconds)}</li>
        </ul>
      </div>
    </>
  );
}
