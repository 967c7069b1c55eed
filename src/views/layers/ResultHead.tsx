import { useState } from 'react';
import { duration } from '../../base/units.ts';
import { sentenceOf } from '../../base/userError.ts';
import { downloadReport } from '../../components/download.ts';
import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import { metricLabel } from '../../lab/report/curves.ts';
import type { LayerResult } from '../../state/layerResult.ts';
import { openReport, useReports } from '../../state/reports.ts';
import { type Shown, useView } from '../../state/view.ts';
import { ShownChoice } from '../ShownChoice.tsx';

interface ResultHeadProps {
  readonly result: LayerResult;
  readonly metrics: readonly string[];
  readonly metric: string;
}

const titles: Readonly<Record<Shown, string>> = {
  stored: 'Stored result',
  run: 'Your run',
  opened: 'Opened report',
};

/** Says where the numbers come from, and which of them are drawn. */
export function ResultHead({ result, metrics, metric }: ResultHeadProps) {
  const { bands, setBands, setMetric } = useView();
  const opened = useReports((state) => state.opened);
  return (
    <div className="result-head">
      <h2>{titles[result.shown]}</h2>
      <p className={result.shown === 'stored' ? 'provenance stored' : 'provenance'}>
        {provenance(result, opened?.file)}
      </p>
      <div className="result-tools">
        <SelectField
          label="Metric"
          value={metric}
          options={metrics.map((name) => [name, metricLabel(name)] as const)}
          onChange={setMetric}
        />
        <ShownChoice shown={result.shown} choices={result.choices} titles={titles} />
        <label className="check">
          <input type="checkbox" checked={bands} onChange={(event) => setBands(event.target.checked)} />
          95 % intervals
        </label>
        <ReportFiles result={result} />
      </div>
    </div>
  );
}

function provenance({ shown, report }: LayerResult, file: string | undefined): string {
  if (!report)
    return 'The curves grow as documents are embedded; until the run ends they cover only part of them.';
  const { startedAt, seconds, datasets } = report.environment;
  const date = startedAt.slice(0, 10);
  const whole = datasets.every(
    ({ queries, documents, totalQueries, totalDocuments }) =>
      queries === totalQueries && documents === totalDocuments,
  );
  const extent = whole ? 'all queries and documents' : 'a sample of the queries and documents';
  switch (shown) {
    case 'stored':
      return `Stored, not computed in this browser: made by the command line on ${date}, ${extent}, in ${duration(seconds)}. Press Run to compute your own.`;
    case 'opened':
      return `From ${file ?? 'a file'}, computed on ${date}, ${extent}.`;
    case 'run':
      return `Computed in this browser, ${extent}, in ${duration(seconds)}.`;
  }
}

function ReportFiles({ result }: { readonly result: LayerResult }) {
  const [problem, setProblem] = useState<string | null>(null);
  const open = async (input: HTMLInputElement): Promise<void> => {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      openReport(await file.text(), file.name);
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    input.value = '';
  };
  const { report } = result;
  return (
    <>
      <div className="button-row">
        <button
          type="button"
          className="small"
          disabled={!report}
          onClick={() => report && downloadReport(report)}
        >
          Save report.json
        </button>
        <label className="button small">
          Open a report
          <input
            type="file"
            accept=".json,application/json"
            className="visually-hidden"
            onChange={(event) => void open(event.currentTarget)}
          />
        </label>
      </div>
      {problem ? <Problem>{problem}</Problem> : null}
    </>
  );
}
