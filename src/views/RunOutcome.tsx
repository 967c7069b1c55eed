import { Problem } from '../components/Problem.tsx';
import type { Spec } from '../lab/spec/spec.ts';
import { dismissFailure, useRun } from '../state/run.ts';
import { RunProgressView } from './RunProgressView.tsx';

/**
 * How far the run is, and in one sentence why it stopped where it did.
 * @param isOwn whether a run is the page's own: of another page's, only that it goes on is of interest
 */
export function RunOutcome({ isOwn = () => true }: { readonly isOwn?: (spec: Spec) => boolean }) {
  const run = useRun((state) => state.run);
  if (run.status === 'idle') return null;
  const goesOn = run.status === 'running' || run.status === 'following';
  if (!goesOn && !isOwn(run.spec)) return null;
  return (
    <>
      <RunProgressView run={run} />
      {run.status === 'failed' ? <Problem onDismiss={dismissFailure}>{run.sentence}</Problem> : null}
    </>
  );
}
