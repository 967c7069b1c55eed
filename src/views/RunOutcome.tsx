import { Problem } from '../components/Problem.tsx';
import { dismissFailure, useRun } from '../state/run.ts';
import { RunProgressView } from './RunProgressView.tsx';

/** How far the page's run is, and in one sentence why it stopped where it did. */
export function RunOutcome() {
  const run = useRun((state) => state.run);
  if (run.status === 'idle') return null;
  return (
    <>
      <RunProgressView run={run} />
      {run.status === 'failed' ? <Problem onDismiss={dismissFailure}>{run.sentence}</Problem> : null}
    </>
  );
}
