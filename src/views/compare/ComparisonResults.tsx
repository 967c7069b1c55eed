import { useState } from 'react';
import { duration } from '../../base/units.ts';
import { sentenceOf } from '../../base/userError.ts';
import { DataReports } from '../../components/DataReports.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { download } from '../../components/download.ts';
import { NanoBeirResults } from '../../components/NanoBeirResults.tsx';
import { PaperBeside } from '../../components/PaperBeside.tsx';
import { Problem } from '../../components/Problem.tsx';
import {
  type ColumnChoice,
  comparisonColumns,
  comparisonTable,
  datasetsIn,
  longComparisonTable,
  stageLabels,
  stages,
  systemsIn,
} from '../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../lab/report/curves.ts';
import type { Stage } from '../../lab/report/report.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import { type DrawnComparison, useComparison } from '../../state/comparison.ts';
import type { AskedFigure } from '../../state/queryDifferences.ts';
import { useReports } from '../../state/reports.ts';
import { comparisonZip } from '../../state/zips.ts';
import { ShownChoice } from '../ShownChoice.tsx';
import { QualityCharts } from './QualityCharts.tsx';
import { QueryDifferences } from './QueryDifferences.tsx';
import { SpeedTable } from './SpeedTable.tsx';
import { SystemTests } from './SystemTests.tsx';

/** The table, its tests, its charts and what stands behind a figure. */
export function ComparisonResults() {
  const comparison = useComparison();
  const stored = useReports((state) => state.storedComparison);
  if (!comparison) {
    return (
      <section className="results" aria-label="Results">
        <p role="status">{stored.status === 'failed' ? stored.sentence : 'Reading the stored comparison…'}</p>
      </section>
    );
  }
  return <Drawn comparison={comparison} />;
}

const titles = { stored: 'Stored comparison', run: 'Your comparison', opened: 'Opened report' } as const;

function Drawn({ comparison }: { readonly comparison: DrawnComparison }) {
  const rows = comparison.comparison;
  const systems = systemsIn(rows);
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [chosenMetrics, setMetrics] = useState<readonly string[]>(['hits@10', 'mrr@10']);
  const [chosenStages, setStages] = useState<readonly Stage[]>(stages);
  const [asked, setAsked] = useState<AskedFigure | null>(null);
  const choice: ColumnChoice = {
    stages: chosenStages,
    metrics: chosenMetrics.filter((metric) => metrics.includes(metric)),
    systems: systems.filter((system) => !hidden.has(system)),
  };
  const table = comparisonTable(comparison, choice);
  const columns = comparisonColumns(rows, choice);
  const reference = systems[0] ?? '';
  // The ranked lists are kept by the worker as long as the page lives, and in no report.
  const canOpen = comparison.shown === 'run' && comparison.report !== null;
  const open = (dataset: unknown, column: number): void => {
    const at = columns[column - 1];
    const found = datasetsIn(rows).find((name) => name === dataset);
    if (!at || found === undefined) return;
    const { system, stage, metric } = at;
    const against = system === reference ? (systems[1] ?? reference) : reference;
    setAsked({ dataset: found, system, stage, metric, against });
  };
  const toggled = <T,>(list: readonly T[], item: T, all: readonly T[]): T[] =>
    all.filter((one) => (one === item ? !list.includes(one) : list.includes(one)));
  return (
    <section className="results" aria-label="Results">
      <div className="result-head">
        <h2>{titles[comparison.shown]}</h2>
        <p className={comparison.shown === 'stored' ? 'provenance stored' : 'provenance'}>
          {provenance(comparison)}
        </p>
        <ShownChoice shown={comparison.shown} choices={comparison.choices} titles={titles} />
        <div className="column-choice">
          <Toggles
            legend="Measures"
            names={metrics}
            labelOf={metricLabel}
            taken={choice.metrics}
            onToggle={(metric) => setMetrics(toggled(chosenMetrics, metric, metrics))}
          />
          <Toggles
            legend="Systems"
            names={systems}
            labelOf={systemLabel}
            taken={choice.systems}
            onToggle={(system) => {
              const next = new Set(hidden);
              if (!next.delete(system)) next.add(system);
              setHidden(next);
            }}
          />
          <Toggles
            legend="Stages"
            names={stages}
            labelOf={(stage) => stageLabels[stage]}
            taken={choice.stages}
            onToggle={(stage) => setStages(toggled(chosenStages, stage, stages))}
          />
        </div>
      </div>
      <DataTable
        table={table}
        csv={longComparisonTable(comparison)}
        pinned={datasetsIn(rows).length > 1 ? 1 : 0}
        {...(canOpen ? { onCell: (row, column) => open(row[0], column) } : {})}
      />
      <p className="quiet">
        <strong>Bold</strong>: the best of a measure and stage. †: differs from {systemLabel(reference)} at
        0.05 by the paired t-test after Holm’s correction, paired by query in a collection’s row and by
        collection in the mean’s.{' '}
        {canOpen
          ? 'Press a figure to see the queries behind it.'
          : 'Press Compare to look behind the figures: the ranked lists of every query are kept while this page is open.'}
      </p>
      {comparison.report ? <DataReports datasets={comparison.report.environment.datasets} /> : null}
      {canOpen ? <SaveRuns /> : null}
      {asked && canOpen ? <QueryDifferences asked={asked} systems={systems} onChange={setAsked} /> : null}
      {comparison.report ? (
        <PaperBeside
          models={comparison.report.spec.models}
          comparison={rows}
          speed={comparison.speed}
          datasets={comparison.report.environment.datasets}
        />
      ) : null}
      {comparison.report ? <NanoBeirResults report={comparison.report} /> : null}
      <QualityCharts comparison={comparison} metric={choice.metrics[0] ?? 'hits@10'} />
      <SpeedTable rows={comparison.speed} />
      <SystemTests tests={comparison.tests} />
    </section>
  );
}

/** The ranked lists behind the table, for other tools. */
function SaveRuns() {
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    try {
      download('comparison.zip', await comparisonZip());
      setProblem(null);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };
  return (
    <div className="button-row">
      <button type="button" className="small" onClick={() => void save()}>
        Save TREC run and qrels files
      </button>
      {problem ? <Problem>{problem}</Problem> : null}
    </div>
  );
}

interface TogglesProps<T extends string> {
  readonly legend: string;
  readonly names: readonly T[];
  readonly labelOf: (name: T) => string;
  readonly taken: readonly T[];
  readonly onToggle: (name: T) => void;
}

function Toggles<T extends string>({ legend, names, labelOf, taken, onToggle }: TogglesProps<T>) {
  return (
    <fieldset className="toggles">
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name} className="check">
          <input type="checkbox" checked={taken.includes(name)} onChange={() => onToggle(name)} />
          <span>{labelOf(name)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function provenance({ shown, report }: DrawnComparison): string {
  if (!report) return 'Figures appear as systems are done; tests and charts of depth and speed at the end.';
  const { startedAt, seconds, datasets } = report.environment;
  const texts = datasets.map(({ queries, documents }) => `${queries} queries over ${documents} documents`);
  const extent = [...new Set(texts)].join(', ');
  switch (shown) {
    case 'stored':
      return `Stored, not computed in this browser: made by the command line from examples/compare.json on ${startedAt.slice(0, 10)}, ${extent} a collection, in ${duration(seconds)}, training included. Press Compare to compute your own.`;
    case 'opened':
      return `Opened from a file, computed on ${startedAt.slice(0, 10)}, ${extent} a collection.`;
    case 'run':
      return `Computed in this browser, ${extent} a collection, in ${duration(seconds)}.`;
  }
}
