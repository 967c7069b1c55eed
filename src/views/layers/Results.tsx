import { DataReports } from '../../components/DataReports.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { NanoBeirResults } from '../../components/NanoBeirResults.tsx';
import { Problem } from '../../components/Problem.tsx';
import { metricsOf } from '../../lab/report/curves.ts';
import { layerwiseTable, longTable } from '../../lab/report/tables.ts';
import { curvesEmbed } from '../../state/embed.ts';
import { useLayerResult } from '../../state/layerResult.ts';
import { useReports } from '../../state/reports.ts';
import { useView } from '../../state/view.ts';
import { Curves } from './Curves.tsx';
import { DeTraining } from './DeTraining.tsx';
import { Environment } from './Environment.tsx';
import { LayerStack } from './LayerStack.tsx';
import { RelativeBars } from './RelativeBars.tsx';
import { ResultHead } from './ResultHead.tsx';
import { Tests } from './Tests.tsx';

/** Everything that is read off a result. */
export function Results() {
  const result = useLayerResult();
  const metric = useView((state) => state.metric);
  const stored = useReports((state) => state.stored);
  if (!result) {
    return (
      <section className="results" aria-label="Results">
        {stored.status === 'failed' ? (
          <Problem>{stored.sentence}</Problem>
        ) : (
          <p>Reading the stored result…</p>
        )}
      </section>
    );
  }
  const known = metricsOf(result.rows);
  const drawn = known.includes(metric) ? metric : (known[0] ?? metric);
  return (
    <section className="results" aria-label="Results">
      <ResultHead result={result} metrics={known} metric={drawn} />
      {result.rows.length === 0 ? (
        <p className="quiet">The first curve appears when the first documents are embedded.</p>
      ) : (
        <>
          <Curves result={result} metric={drawn} embed={curvesEmbed(result, drawn)} />
          {result.report ? <DataReports datasets={result.report.environment.datasets} /> : null}
          <LayerStack result={result} metric={drawn} />
          <DataTable table={layerwiseTable(result.rows, drawn)} csv={longTable(result.rows)} />
          {result.report ? <NanoBeirResults report={result.report} /> : null}
          <RelativeBars result={result} metric={drawn} />
          {result.report ? <Tests tests={result.report.tests} /> : null}
          {result.shown === 'stored' ? <DeTraining metric={drawn} /> : null}
          {result.report ? <Environment report={result.report} /> : null}
        </>
      )}
    </section>
  );
}
