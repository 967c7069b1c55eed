import { useEffect, useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { SelectField } from '../../components/form/SelectField.tsx';
import { Problem } from '../../components/Problem.tsx';
import type { QueryDifference, SeenQuery } from '../../lab/compare/details.ts';
import { stageLabels } from '../../lab/report/comparisonTable.ts';
import { metricLabel } from '../../lab/report/curves.ts';
import { systemLabel } from '../../lab/spec/systemLabel.ts';
import { type AskedFigure, queryDifferences, seenQuery } from '../../state/queryDifferences.ts';

interface QueryDifferencesProps {
  readonly asked: AskedFigure;
  readonly systems: readonly string[];
  readonly onChange: (asked: AskedFigure | null) => void;
}

/** Queries listed at once; the largest differences come first. */
const most = 50;

/** The queries on which two systems differ, and what each of them found. */
export function QueryDifferences({ asked, systems, onChange }: QueryDifferencesProps) {
  const { dataset, system, against, stage, metric } = asked;
  const [found, setFound] = useState<readonly QueryDifference[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let stale = false;
    setFound(null);
    queryDifferences({ dataset, stage, metric, system, against })
      .then((list) => {
        if (!stale) setFound(list);
      })
      .catch((error: unknown) => setProblem(sentenceOf(error)));
    return () => {
      stale = true;
    };
  }, [dataset, stage, metric, system, against]);
  return (
    <section className="card differences" aria-labelledby="differences-title">
      <div className="figure-head">
        <h3 id="differences-title">
          {metricLabel(metric)} on {dataset}, {stageLabels[stage].toLowerCase()}: where {systemLabel(system)}{' '}
          and {systemLabel(against)} differ
        </h3>
        <button type="button" className="small" onClick={() => onChange(null)}>
          Close
        </button>
      </div>
      <SelectField
        label="Compared with"
        value={against}
        options={systems.filter((one) => one !== system).map((one) => [one, systemLabel(one)] as const)}
        onChange={(other) => onChange({ ...asked, against: other })}
      />
      {problem ? <Problem>{problem}</Problem> : null}
      {found === null ? (
        <p role="status">Looking…</p>
      ) : (
        <>
          <p role="status">
            {found.length === 0
              ? 'No query: both answer all of them alike.'
              : `${found.length} ${found.length === 1 ? 'query' : 'queries'}, ${found.filter(({ value, other }) => value > other).length} better answered by ${systemLabel(system)}.`}
          </p>
          <ul className="plain">
            {found.slice(0, most).map((difference) => (
              <li key={difference.id}>
                <Difference dataset={dataset} difference={difference} asked={asked} />
              </li>
            ))}
          </ul>
          {found.length > most ? <p className="quiet">The first {most} are listed.</p> : null}
        </>
      )}
    </section>
  );
}

function Difference({
  dataset,
  difference: { query, text, value, other },
  asked,
}: {
  readonly dataset: string;
  readonly difference: QueryDifference;
  readonly asked: AskedFigure;
}) {
  const [seen, setSeen] = useState<SeenQuery | null>(null);
  const look = (open: boolean): void => {
    if (open && !seen) void seenQuery(dataset, query).then(setSeen);
  };
  return (
    <details onToggle={(event) => look(event.currentTarget.open)}>
      <summary>
        {text}{' '}
        <span className="quiet">
          {systemLabel(asked.system)} {value.toFixed(3)}, {systemLabel(asked.against)} {other.toFixed(3)}
        </span>
      </summary>
      {seen ? <Seen seen={seen} /> : null}
    </details>
  );
}

function Seen({ seen }: { readonly seen: SeenQuery }) {
  return (
    <>
      <h4>Relevant</h4>
      <ul className="plain">
        {seen.relevant.map(({ id, text }) => (
          <li key={id}>
            <code>{id}</code> {text}
          </li>
        ))}
      </ul>
      <div className="lists">
        {seen.lists.map(({ system, stage, documents }) => (
          <div key={`${system} ${stage}`}>
            <h4>
              {systemLabel(system)}, {stageLabels[stage].toLowerCase()}
            </h4>
            <ol>
              {documents.map(({ id, text, score, grade }) => (
                <li key={id} className={grade > 0 ? 'relevant' : undefined}>
                  <div className="clamped">
                    {grade > 0 ? <strong>relevant </strong> : null}
                    <span className="quiet">{score.toFixed(3)}</span> {text}
                  </div>
                </li>
              ))}
            </ol>
          </div>
        ))}
      </div>
    </>
  );
}
