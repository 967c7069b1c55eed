import { useExploring } from '../state/exploreClient.ts';
import { useOffline } from '../state/offline.ts';
import { useReproduce } from '../state/reproduce/reproduce.ts';
import { useRun } from '../state/run.ts';
import { takeVersion, useVersion } from '../state/version.ts';

/** Offers a later version of the lab; never while something is computed or fetched, which loading it would end. */
export function VersionNotice() {
  const waiting = useVersion((state) => state.waiting);
  const until = useUntil();
  if (!waiting) return null;
  return (
    <p className="version-notice" role="status">
      A later version of the lab is here.{' '}
      <button type="button" className="small" disabled={until !== null} onClick={takeVersion}>
        Load it
      </button>
      {until === null ? null : ` It can be loaded when ${until}.`}
    </p>
  );
}

/** What is to be over before the page may be loaded anew; null for nothing. */
function useUntil(): string | null {
  const running = useRun((state) => state.run.status === 'running');
  const queued = useReproduce((state) => state.working !== null);
  const exploring = useExploring((state) => state.busy);
  const keeping = useOffline((state) => state.keeping !== null);
  if (running || queued) return 'the run has ended';
  if (exploring) return 'Explore has answered';
  return keeping ? 'what is being kept has come' : null;
}
