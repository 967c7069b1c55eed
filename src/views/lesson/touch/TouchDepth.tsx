import { useId, useState } from 'react';
import { Figure } from '../../../components/chart/Figure.tsx';
import { PanelFrame } from '../../../components/chart/PanelFrame.tsx';
import { StepChart, StepLegend } from '../../../components/chart/StepChart.tsx';
import { depthPoints } from '../../../lab/lesson/depths.ts';
import { english } from '../../../lab/lesson/english.ts';
import { datasetsIn } from '../../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../../lab/report/curves.ts';
import { systemLabel } from '../../../lab/spec/systemLabel.ts';
import type { LessonSources } from '../../../state/lessonFigures.ts';
import { MetricField } from './MetricField.tsx';

const system = 'baseline';

/** The depth of reranking, and what it gives and costs. */
export function TouchDepth({ comparison }: LessonSources) {
  const id = useId();
  const [metric, setMetric] = useState('hits@10');
  const points = depthPoints(comparison, system, metric);
  const [chosen, setChosen] = useState(points.length - 1);
  const point = points[chosen] ?? points.at(-1);
  const text = english.controls.depth;
  const name = metricLabel(metric);
  const title = text.title(name);
  if (!point) return null;
  const sentence = text.at(point.depth, name, point.value, point.seconds);
  return (
    <>
      <MetricField rows={comparison.comparison} metric={metric} onChange={setMetric} />
      <div className="field">
        <label htmlFor={id}>{text.label}</label>
        <input
          id={id}
          type="range"
          min={0}
          max={points.length - 1}
          value={chosen}
          aria-valuetext={sentence}
          onChange={(event) => setChosen(Number(event.target.value))}
        />
      </div>
      <p role="status" className="measured">
        {sentence}
      </p>
      <Figure
        title={title}
        series={[systemLabel(system)]}
        legend={<StepLegend names={[systemLabel(system)]} />}
        caption={english.controls.average(datasetsIn(comparison.comparison).length)}
      >
        <PanelFrame title={name} note="">
          <StepChart
            title={title}
            along="documents"
            curves={[
              {
                name: systemLabel(system),
                points: points.map(({ depth, value }) => ({ step: depth, value })),
              },
            ]}
            marks={[{ label: String(point.depth), value: point.value }]}
          />
        </PanelFrame>
      </Figure>
    </>
  );
}
