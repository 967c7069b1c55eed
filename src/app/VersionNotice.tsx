import { useReproduce } from '../state/reproduce/reproduce.ts';
import { useRun } from '../state/run.ts';
import { takeVersion, useVersion } from '../state/version.ts';

/** Offers a later version of the lab; never while a run goes on, which loading it would end. */
export function VersionNotice() {
  const waiting = useVersion((state) => state.waiting);
  const running = useRun((state) => state.run.status === 'running');
  const queued = useReproduce((state) => state.working !== null);
  if (!waiting) return null;
  const busy = running || queued;
  return (
    <p className="version-notice" role="status">
      A later version of the lab is here.{' '}
      <button type="button" className="small" disabled={busy} onClick={takeVersion}>
        Load it
      </button>
      {busy ? ' It can be loaded when the run has ended.' : null}
    </p>
  );
}
