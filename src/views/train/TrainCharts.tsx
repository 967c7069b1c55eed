import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { type Curve, StepChart, StepLegend } from '../../components/chart/StepChart.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import type { Table } from '../../lab/formats/table.ts';
import { averagePanel, finalOfDe, metricLabel, panelsOf } from '../../lab/report/curves.ts';
import type { TrainingStep } from '../../lab/report/report.ts';
import { evaluationCurve, smoothedCurve, stepCurve } from '../../lab/report/trainingCurves.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { type DrawnTraining, useTraining } from '../../state/training.ts';
import { useView } from '../../state/view.ts';
import { ShownChoice } from '../ShownChoice.tsx';

const titles = { stored: 'Stored training', run: 'Your training', opened: 'Opened report' } as const;

/** Loss, rate and gradient, and how well each run searches, over its steps. */
export function TrainCharts() {
  const training = useTraining();
  const metric = useView((state) => state.metric);
  if (!training) {
    return (
      <p className="card">
        Press Train to see each model’s loss step by step, and how well it searches collections that it was
        not trained on.
      </p>
    );
  }
  const { runs } = training;
  const curvesOf = (points: (run: (typeof runs)[number]) => Curve['points']): Curve[] =>
    runs.map((run) => ({ name: modelLabel(run.name), points: points(run) }));
  const smoothed = (of: (step: TrainingStep) => number): Curve[] =>
    runs.map(({ name, steps }) => ({ name: modelLabel(name), ...smoothedCurve(steps, of) }));
  const found = curvesOf((run) => evaluationCurve(run.evaluations, metric));
  const name = metricLabel(metric);
  const names = runs.map((run) => modelLabel(run.name));
  const marks = referencesOf(training, metric);
  return (
    <>
      <ShownChoice shown={training.shown} choices={training.choices} titles={titles} />
      {training.shown === 'stored' ? (
        <p className="provenance stored">
          Stored, not trained in this browser: made by the command line from examples/compare.json. Press
          Train for your own.
        </p>
      ) : null}
      <Figure
        title="Training"
        reference="a layer’s own figure"
        series={names}
        legend={<StepLegend names={names} />}
        caption="Loss and gradient norm: a running mean over a twentieth of the run, the steps themselves faintly behind it. Searches: the mean over the held-out collections."
      >
        <PanelFrame
          title={`${name} on held-out collections`}
          note={marks.map(({ label }) => label).join(', ')}
        >
          <StepChart title={name} curves={found} marks={marks} />
        </PanelFrame>
        <PanelFrame title="Loss" note="cross entropy over the batch’s documents">
          <StepChart title="Loss" curves={smoothed(({ loss }) => loss)} />
        </PanelFrame>
        <PanelFrame title="Gradient norm" note="before clipping">
          <StepChart title="Gradient norm" curves={smoothed(({ gradNorm }) => gradNorm)} />
        </PanelFrame>
        <PanelFrame title="Learning rate" note="the same for all runs">
          <StepChart
            title="Learning rate"
            curves={curvesOf(({ steps }) => stepCurve(steps, ({ learningRate }) => learningRate))}
          />
        </PanelFrame>
      </Figure>
      <DataTable table={evaluationTable(training, metric)} />
    </>
  );
}

/** What a run is held against: the CE's embedding layer and the DE's final one. */
function referencesOf(
  { layerwise }: DrawnTraining,
  metric: string,
): { readonly label: string; readonly value: number }[] {
  const average = averagePanel(panelsOf(layerwise, metric));
  const ce = average.curves.find(({ model }) => model === 'ce')?.points[0]?.value;
  const de = finalOfDe(average);
  return [
    ...(ce === undefined ? [] : [{ label: `CE’s embedding layer ${ce.toFixed(3)}`, value: ce }]),
    ...(de === null ? [] : [{ label: `whole DE ${de.toFixed(3)}`, value: de }]),
  ];
}

function evaluationTable({ runs }: DrawnTraining, metric: string): Table {
  const datasets = [...new Set(runs.flatMap(({ evaluations }) => evaluations.map(({ dataset }) => dataset)))];
  return {
    caption: `${metricLabel(metric)} of the models in training`,
    columns: ['model', 'step', ...datasets],
    rows: runs.flatMap(({ name, evaluations }) =>
      [...new Set(evaluations.map(({ step }) => step))].map((step) => [
        modelLabel(name),
        step,
        ...datasets.map(
          (dataset) =>
            evaluations.find((one) => one.step === step && one.dataset === dataset)?.metrics[metric] ?? null,
        ),
      ]),
    ),
  };
}
