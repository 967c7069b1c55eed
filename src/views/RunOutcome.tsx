import { dismissFailure, useRun } from '../state/run.ts';
import { RunProgressView } from './RunProgressView.tsx';

/** How far the page's run is, and in one sentence why it stopped where it did. */
export function RunOutcome() {
  const run = useRun((state) => state.run);
  if (run.status === 'idle') return null;
  return (
    <>
      <RunProgressView run={run} />
      {run.status === 'failed' ? (
        <p className="problem" role="alert">
          {run.sentence}{' '}
          <button type="button" className="small" onClick={dismissFailure}>
            Dismiss
          </button>
        </p>
      ) : null}
    </>
  );
}
