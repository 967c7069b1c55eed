import { useState } from 'react';
import { Figure } from '../../../components/chart/Figure.tsx';
import { LayerChart } from '../../../components/chart/LayerChart.tsx';
import { Legend } from '../../../components/chart/Legend.tsx';
import { PanelFrame } from '../../../components/chart/PanelFrame.tsx';
import { highest } from '../../../components/chart/rows.ts';
import { english } from '../../../lab/lesson/english.ts';
import { averagePanel, metricLabel, panelsOf } from '../../../lab/report/curves.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';
import { useView } from '../../../state/view.ts';
import '../../layers/layers.css';
import { LayerStack } from '../../layers/LayerStack.tsx';
import { MetricField } from './MetricField.tsx';

const reference = 'DE, final layer';

/** The average curve, with a measure to choose and layers to press. */
export function TouchCurve({ layers: { layerwise } }: LessonSources) {
  const [metric, setMetric] = useState('hits@10');
  const layer = useView((state) => state.layer);
  const panels = panelsOf(layerwise, metric);
  const panel = averagePanel(panels);
  const title = english.controls.average(panels.length);
  const name = metricLabel(metric);
  return (
    <>
      <MetricField rows={layerwise} metric={metric} onChange={setMetric} />
      <Figure
        title={`${name} by layer`}
        reference={reference}
        legend={<Legend reference={reference} bands={false} />}
        caption={`${panel.queries} queries, ${panel.documents} documents.`}
      >
        <PanelFrame title={title} note="">
          <LayerChart
            panel={panel}
            title={title}
            metric={name}
            top={highest([panel], false)}
            bands={false}
            layer={layer}
          />
        </PanelFrame>
      </Figure>
      <LayerStack
        result={{ rows: layerwise, seen: new Map(), titleOf: (dataset) => dataset }}
        metric={metric}
      />
    </>
  );
}
