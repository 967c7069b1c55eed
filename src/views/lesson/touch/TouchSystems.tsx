import { useState } from 'react';
import { Figure } from '../../../components/chart/Figure.tsx';
import { PanelFrame } from '../../../components/chart/PanelFrame.tsx';
import { SystemBars } from '../../../components/chart/SystemBars.tsx';
import { english } from '../../../lab/lesson/english.ts';
import { datasetsIn, meanOf, valueAt } from '../../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../../lab/report/curves.ts';
import { systemLabel } from '../../../lab/spec/systemLabel.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';
import { MetricField } from './MetricField.tsx';

const systems = ['baseline', 'de-2-ce', 'de-2-rand'] as const;

/** The two small models beside the whole DE, by any measure. */
export function TouchSystems({ comparison: { comparison } }: LessonSources) {
  const [metric, setMetric] = useState('hits@10');
  const datasets = datasetsIn(comparison);
  const bars = systems.map((system) => ({
    system: systemLabel(system),
    values: [
      meanOf(datasets.map((dataset) => valueAt(comparison, dataset, { stage: 'retrieve', metric, system }))),
    ],
  }));
  const title = english.controls.systems(metricLabel(metric));
  const average = english.controls.average(datasets.length);
  return (
    <>
      <MetricField rows={comparison} metric={metric} onChange={setMetric} />
      <Figure
        title={title}
        entries={[{ name: 'retrieve', colour: 'var(--de)', dash: undefined }]}
        legend={null}
        caption={bars.map(({ system, values: [value] }) => `${system} ${value?.toFixed(3)}`).join(', ')}
      >
        <PanelFrame title={average} note="">
          <SystemBars title={title} bars={bars} />
        </PanelFrame>
      </Figure>
    </>
  );
}
