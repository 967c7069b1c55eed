import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { StepChart, StepLegend } from '../../components/chart/StepChart.tsx';
import type { TrainingRow } from '../../lab/report/report.ts';
import { evaluationCurve, smoothedCurve } from '../../lab/report/trainingCurves.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';

/** How the models of Table 1 learned. */
export function TrainingLoss({ training }: { readonly training: readonly TrainingRow[] }) {
  const [first] = training;
  if (!first) return null;
  const names = training.map(({ name }) => modelLabel(name));
  return (
    <Figure
      title="Training of DE-2 CE and DE-2 Rand"
      series={names}
      legend={<StepLegend names={names} />}
      caption={`${first.totalSteps.toLocaleString('en')} steps each, on ${first.adapter}.`}
    >
      <PanelFrame title="Loss" note="cross entropy over the batch’s documents">
        <StepChart
          title="Loss"
          curves={training.map(({ name, steps }) => ({
            name: modelLabel(name),
            ...smoothedCurve(steps, ({ loss }) => loss),
          }))}
        />
      </PanelFrame>
      <PanelFrame title="Hits@10" note="on the collection that was watched">
        <StepChart
          title="Hits@10"
          curves={training.map(({ name, evaluations }) => ({
            name: modelLabel(name),
            points: evaluationCurve(evaluations, 'hits@10'),
          }))}
        />
      </PanelFrame>
    </Figure>
  );
}
