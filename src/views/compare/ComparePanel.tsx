import { withComparison } from '../../lab/spec/editComparison.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { useDropped } from '../../state/dropped.ts';
import { cancelRun, startRun, useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { RunOutcome } from '../RunOutcome.tsx';
import { StorageForecast } from '../StorageForecast.tsx';
import { UnfinishedRuns } from '../UnfinishedRuns.tsx';
import { ComparisonCost } from './ComparisonCost.tsx';

/** One click trains what is to be trained, retrieves, reranks, times and tests. */
export function ComparePanel() {
  const spec = useSettings((state) => state.spec);
  const run = useRun((state) => state.run);
  const reading = useDropped((state) => state.reading);
  const { train } = spec;
  return (
    <section className="card run-panel" aria-labelledby="compare-run-title">
      <h2 id="compare-run-title" className="visually-hidden">
        Comparison
      </h2>
      <div className="button-row">
        {run.status === 'running' ? (
          <button type="button" disabled={run.cancelling} onClick={() => void cancelRun()}>
            {run.cancelling ? 'Cancelling…' : 'Cancel'}
          </button>
        ) : (
          <button
            type="button"
            className="primary"
            disabled={reading}
            onClick={() => void startRun(withComparison(spec))}
          >
            Compare
          </button>
        )}
        {train.length > 0 ? (
          <p className="quiet">
            Trains {train.map(({ name }) => modelLabel(name)).join(' and ')} first, as set under Train.
          </p>
        ) : null}
      </div>
      {run.status === 'running' ? null : (
        <>
          <ComparisonCost />
          <StorageForecast specOf={withComparison} />
        </>
      )}
      <UnfinishedRuns isOwn={({ compare }) => compare.enabled} />
      <RunOutcome isOwn={({ compare }) => compare.enabled} />
    </section>
  );
}
