import { useEffect } from 'react';
import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { StepChart, StepLegend } from '../../components/chart/StepChart.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import {
  reportedOther,
  type DeTraining as Study,
  type StudyMetric,
  studyContrast,
  studyCurves,
  studySentences,
  studyTable,
} from '../../lab/report/deTraining.ts';
import { readStoredStudy, useDeTraining } from '../../state/deTraining.ts';

const three = (values: readonly number[]): string => values.map((value) => value.toFixed(3)).join(', ');

/** A result of its own: what the way in which a DE was trained does to its early layers. */
export function DeTraining({ metric }: { readonly metric: string }) {
  const study = useDeTraining((state) => state.study);
  useEffect(() => void readStoredStudy(), []);
  if (study.status !== 'ready') return null;
  return <Drawn study={study.value} metric={metric === 'mrr@10' ? 'mrr@10' : 'hits@10'} />;
}

function Drawn({ study, metric }: { readonly study: Study; readonly metric: StudyMetric }) {
  const curves = studyCurves(study, metric);
  const names = curves.map(({ title }) => title);
  const { pairs, steps, batch, tokens, rate, teacher } = study.setup;
  const collections = new Set(study.rows.map(({ dataset }) => dataset)).size;
  const name = metric === 'hits@10' ? 'Hits@10' : 'MRR@10';
  return (
    <section className="de-training" aria-labelledby="de-training-title">
      <h3 id="de-training-title">How the DE was trained</h3>
      <p className="provenance stored">
        Stored, made by models/de_training.py: the bundled DE trained further for {steps} steps of {batch}{' '}
        from {pairs.toLocaleString('en')} of the bundled pairs, at {tokens} tokens and a peak rate of {rate}.
        Once by labels, once by the similarities of {teacher}; texts and batches are the same.
      </p>
      <ul>
        {studySentences(study, metric).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>{studyContrast(study, metric)}</li>
      </ul>
      <Figure
        title={`${name} by layer and by the DE’s training`}
        series={names}
        legend={<StepLegend names={names} />}
        caption="0 is the embedding layer. Two trainings of one start, one seed each, show a difference, not its size elsewhere."
      >
        <PanelFrame title={`Average of ${collections} collections`} note="all queries and documents">
          <StepChart
            title={`${name} by layer`}
            along="layer"
            curves={curves.map(({ title, values }) => ({
              name: title,
              points: values.map((value, step) => ({ step, value })),
            }))}
          />
        </PanelFrame>
      </Figure>
      <DataTable table={studyTable(study, metric)} />
      <p>
        <strong>Reported, not measured here:</strong> before the DE that is shipped, another one was trained
        from an earlier base by the similarities and vectors of all-MiniLM-L6-v2. It retrieves better (Hits@10
        of the last layer {three(reportedOther.last)} on the four collections, against{' '}
        {three(reportedOther.lastShipped)}), and its embedding layer ({three(reportedOther.embedding)},
        against {three(reportedOther.embeddingShipped)}) is about as good as the CE’s: t = {reportedOther.t},
        against {reportedOther.tShipped} with the DE that is shipped. The effect of the early layers depends
        on how the DE was trained.
      </p>
    </section>
  );
}
