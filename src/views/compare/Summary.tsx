import { Figure } from '../../components/chart/Figure.tsx';
import { PanelFrame } from '../../components/chart/PanelFrame.tsx';
import { type SpeedPoint, SpeedScatter } from '../../components/chart/SpeedScatter.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import {
  type SummarisedFigures,
  type SystemSummary,
  summaryTable,
  systemSummaries,
} from '../../lab/report/summaryTable.ts';

interface SummaryProps {
  readonly title: string;
  readonly report: SummarisedFigures;
}

/** Every system in one line of a table, and what it finds against what it costs. */
export function Summary({ title, report }: SummaryProps) {
  const summaries = systemSummaries(report);
  const [reference] = summaries;
  const pointsBy = (of: (one: SystemSummary) => number | null): SpeedPoint[] =>
    summaries.flatMap((one) => {
      const along = of(one);
      return along === null || one.mrr === null ? [] : [{ system: one.label, speed: along, value: one.mrr }];
    });
  const bySpeed = pointsBy((one) => one.textsPerSecond);
  const byTraining = pointsBy((one) => one.trainingSeconds);
  return (
    <>
      <DataTable table={summaryTable(report, title)} />
      <p className="quiet">
        Means over the collections, each counted alike.
        {report.pooledTests.length > 0
          ? ` MRR@10 above the reference, ${reference?.label ?? ''}, is paired over the queries of all collections, with its 95 % interval (Student’s t); p is corrected by Holm over all tests of the table: each system, Hits@10 and MRR@10, before and after reranking. † is significant at 0.05.`
          : ''}{' '}
        Training times are of the steps alone, without searches in between; systems that were not trained here
        have 0, whatever they cost before. BM25 and fused lists encode nothing and are not timed. Of an
        asymmetric system, texts/s are those of the documents’ encoder and query times those of the queries’.
      </p>
      {bySpeed.length > 1 || byTraining.some(({ speed }) => speed > 0) ? (
        <Figure
          title={`${title}: MRR@10 against cost`}
          entries={[]}
          legend={null}
          caption="Before reranking, means over the collections. Higher is better; right is faster on the left, and dearer on the right."
        >
          {bySpeed.length > 1 ? (
            <PanelFrame title="Against speed" note="documents encoded a second">
              <SpeedScatter title={`${title}, MRR@10 against speed`} metric="MRR@10" points={bySpeed} />
            </PanelFrame>
          ) : null}
          {byTraining.some(({ speed }) => speed > 0) ? (
            <PanelFrame title="Against training" note="seconds of training in this run">
              <SpeedScatter
                title={`${title}, MRR@10 against training`}
                metric="MRR@10"
                points={byTraining}
                along={{ unit: 's', words: 'seconds of training' }}
              />
            </PanelFrame>
          ) : null}
        </Figure>
      ) : null}
    </>
  );
}
