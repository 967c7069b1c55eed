import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { type Curve, StepChart, StepLegend } from '../../components/chart/StepChart.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import type { Table } from '../../lab/formats/table.ts';
import { averagePanel, finalOfDe, metricLabel, panelsOf } from '../../lab/report/curves.ts';
import { useView } from '../../state/view.ts';
import { type DrawnTraining, evaluationCurve, thinned, useTraining } from './runs.ts';

/** Loss, rate and gradient, and how well each run searches, over its steps. */
export function TrainCharts() {
  const training = useTraining();
  const metric = useView((state) => state.metric);
  const { runs } = training;
  if (runs.length === 0) {
    return (
      <p className="card">
        Press Train: the loss of each model is drawn here step by step, and how well it searches the
        collections it has not seen.
      </p>
    );
  }
  const curvesOf = (points: (run: (typeof runs)[number]) => Curve['points']): Curve[] =>
    runs.map((run) => ({ name: run.name, points: points(run) }));
  const found = curvesOf((run) => evaluationCurve(run.evaluations, metric));
  const name = metricLabel(metric);
  const marks = referencesOf(training, metric);
  return (
    <>
      {training.stored ? (
        <p className="provenance stored">
          Stored, not trained in this browser: made by the command line from examples/compare.json. Press
          Train for your own.
        </p>
      ) : null}
      <Figure
        title="Training"
        reference="a layer’s own figure"
        series={runs.map((run) => run.name)}
        legend={<StepLegend names={runs.map((run) => run.name)} />}
        caption="Each point of a long run is the mean of neighbouring steps. Searching: the mean over the held-out collections."
      >
        <PanelFrame
          title={`${name} on held-out collections`}
          note={marks.map(({ label }) => label).join(', ')}
        >
          <StepChart title={name} curves={found} marks={marks} />
        </PanelFrame>
        <PanelFrame title="Loss" note="cross entropy over the batch’s documents">
          <StepChart title="Loss" curves={curvesOf(({ steps }) => thinned(steps, ({ loss }) => loss))} />
        </PanelFrame>
        <PanelFrame title="Gradient norm" note="before clipping">
          <StepChart
            title="Gradient norm"
            curves={curvesOf(({ steps }) => thinned(steps, ({ gradNorm }) => gradNorm))}
          />
        </PanelFrame>
        <PanelFrame title="Learning rate" note="the same for all runs">
          <StepChart
            title="Learning rate"
            curves={curvesOf(({ steps }) => thinned(steps, ({ learningRate }) => learningRate))}
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
        name,
        step,
        ...datasets.map(
          (dataset) =>
            evaluations.find((one) => one.step === step && one.dataset === dataset)?.metrics[metric] ?? null,
        ),
      ]),
    ),
  };
}
