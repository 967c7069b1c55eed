import { useState } from 'react';
import { duration } from '../../base/units.ts';
import { sentenceOf } from '../../base/userError.ts';
import { DataTable } from '../../components/DataTable.tsx';
import { download, downloadReport } from '../../components/download.ts';
import { Problem } from '../../components/Problem.tsx';
import {
  type ColumnChoice,
  comparisonColumns,
  comparisonTable,
  datasetsIn,
  longComparisonTable,
  metricsIn,
  stageLabels,
  stages,
  systemsIn,
} from '../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../lab/report/curves.ts';
import type { Report, Stage } from '../../lab/report/report.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import type { DrawnComparison } from '../../state/comparison.ts';
import type { AskedFigure } from '../../state/queryDifferences.ts';
import { comparisonZip } from '../../state/zips.ts';
import { ShownChoice } from '../ShownChoice.tsx';
import { QueryDifferences } from './QueryDifferences.tsx';

const titles = { stored: 'Stored comparison', run: 'Your comparison', opened: 'Opened report' } as const;

interface ComparisonTableProps {
  readonly comparison: DrawnComparison;
  readonly metrics: readonly string[];
  readonly onMetrics: (metrics: readonly string[]) => void;
}

/** Every system on every collection, by the chosen measures, and what stands behind a figure. */
export function ComparisonTable({ comparison, metrics, onMetrics }: ComparisonTableProps) {
  const rows = comparison.comparison;
  const systems = systemsIn(rows);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [chosenStages, setStages] = useState<readonly Stage[]>(stages);
  const [asked, setAsked] = useState<AskedFigure | null>(null);
  const choice: ColumnChoice = {
    stages: chosenStages,
    metrics,
    systems: systems.filter((system) => !hidden.has(system)),
  };
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
  return (
    <section className="results comparison-table" aria-label="Results">
      <ComparisonHead comparison={comparison} />
      <ColumnFields
        rows={rows}
        choice={choice}
        onMetrics={onMetrics}
        onSystems={(taken) => setHidden(new Set(systems.filter((system) => !taken.includes(system))))}
        onStages={setStages}
      />
      <DataTable
        table={comparisonTable(comparison, choice)}
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
      {canOpen && comparison.report ? <SaveFiles report={comparison.report} /> : null}
      {asked && canOpen ? <QueryDifferences asked={asked} systems={systems} onChange={setAsked} /> : null}
    </section>
  );
}

function ComparisonHead({ comparison }: { readonly comparison: DrawnComparison }) {
  const { shown, choices } = comparison;
  return (
    <div className="result-head">
      <h2>{titles[shown]}</h2>
      <p className={shown === 'stored' ? 'provenance stored' : 'provenance'}>{provenance(comparison)}</p>
      <ShownChoice shown={shown} choices={choices} titles={titles} />
    </div>
  );
}

interface ColumnFieldsProps {
  readonly rows: DrawnComparison['comparison'];
  readonly choice: ColumnChoice;
  readonly onMetrics: (metrics: readonly string[]) => void;
  readonly onSystems: (systems: readonly string[]) => void;
  readonly onStages: (stages: readonly Stage[]) => void;
}

/** Which columns the table has. */
function ColumnFields({ rows, choice, onMetrics, onSystems, onStages }: ColumnFieldsProps) {
  return (
    <div className="column-choice">
      <Toggles
        legend="Measures"
        names={metricsIn(rows)}
        labelOf={metricLabel}
        taken={choice.metrics}
        onChange={onMetrics}
      />
      <Toggles
        legend="Systems"
        names={systemsIn(rows)}
        labelOf={systemLabel}
        taken={choice.systems}
        onChange={onSystems}
      />
      <Toggles
        legend="Stages"
        names={stages}
        labelOf={(stage) => stageLabels[stage]}
        taken={choice.stages}
        onChange={onStages}
      />
    </div>
  );
}

/** The comparison itself, and the ranked lists behind the table, for other tools. */
function SaveFiles({ report }: { readonly report: Report }) {
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
      <button type="button" className="small" onClick={() => downloadReport(report)}>
        Save report.json
      </button>
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
  readonly onChange: (taken: readonly T[]) => void;
}

/** Several of a few. */
function Toggles<T extends string>({ legend, names, labelOf, taken, onChange }: TogglesProps<T>) {
  return (
    <fieldset className="toggles">
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name} className="check">
          <input
            type="checkbox"
            checked={taken.includes(name)}
            onChange={() => onChange(names.filter((one) => taken.includes(one) !== (one === name)))}
          />
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
      return `Stored, not computed in this browser: made by the command line from examples/small-model.json on ${startedAt.slice(0, 10)}, ${extent} a collection, in ${duration(seconds)}, training included. Press Compare to compute your own.`;
    case 'opened':
      return `Opened from a file, computed on ${startedAt.slice(0, 10)}, ${extent} a collection.`;
    case 'run':
      return `Computed in this browser, ${extent} a collection, in ${duration(seconds)}.`;
  }
}
