import { type ReactNode, useState } from 'react';
import { DataReports } from '../../components/DataReports.tsx';
import { NanoBeirResults } from '../../components/NanoBeirResults.tsx';
import { PaperBeside } from '../../components/PaperBeside.tsx';
import { metricsIn } from '../../lab/report/comparisonTable.ts';
import { type DrawnComparison, useComparison } from '../../state/comparison.ts';
import { useReports } from '../../state/reports.ts';
import { ComparisonTable } from './ComparisonTable.tsx';
import { QualityCharts } from './QualityCharts.tsx';
import { SpeedTable } from './SpeedTable.tsx';
import { Summary } from './Summary.tsx';
import { SystemTests } from './SystemTests.tsx';

/**
 * The table over the whole width, and below it the charts and tests.
 * @param settings stand beside the charts
 */
export function ComparisonResults({ settings }: { readonly settings: ReactNode }) {
  const comparison = useComparison();
  const stored = useReports((state) => state.storedComparison);
  const [chosen, setChosen] = useState<readonly string[]>(['hits@10', 'mrr@10']);
  const known = comparison ? metricsIn(comparison.comparison) : [];
  const metrics = known.filter((metric) => chosen.includes(metric));
  return (
    <>
      {comparison ? (
        <ComparisonTable comparison={comparison} metrics={metrics} onMetrics={setChosen} />
      ) : (
        <section className="results" aria-label="Results">
          <p role="status">
            {stored.status === 'failed' ? stored.sentence : 'Reading the stored comparison…'}
          </p>
        </section>
      )}
      <div className="layers-view">
        <div className="side">{settings}</div>
        {comparison ? <Details comparison={comparison} metric={metrics[0] ?? 'hits@10'} /> : null}
      </div>
    </>
  );
}

interface DetailsProps {
  readonly comparison: DrawnComparison;
  readonly metric: string;
}

function Details({ comparison, metric }: DetailsProps) {
  const { comparison: rows, report, speed, tests } = comparison;
  return (
    <section className="results" aria-label="Charts and tests">
      {report ? <Summary title="Systems in one table" report={report} /> : null}
      <QualityCharts comparison={comparison} metric={metric} />
      <SpeedTable rows={speed} />
      <SystemTests tests={tests} />
      {report ? (
        <PaperBeside
          models={report.spec.models}
          comparison={rows}
          speed={speed}
          datasets={report.environment.datasets}
        />
      ) : null}
      {report ? <NanoBeirResults report={report} /> : null}
      {report ? <DataReports datasets={report.environment.datasets} /> : null}
    </section>
  );
}
