import { Problem } from '../../../components/Problem.tsx';
import { cancelMap, loadMap, useMap } from '../../../state/map.ts';

/** What is being worked out, and how far it is. */
export function WorkNote() {
  const work = useMap((state) => state.work);
  if (work.kind === 'idle') return null;
  return (
    <div className="opening-note button-row">
      {work.kind === 'working' ? (
        <>
          <p role="status">
            {work.sentence}…{work.share > 0 ? ` ${Math.floor(100 * work.share)} %` : ''}
          </p>
          <button type="button" className="small" onClick={cancelMap}>
            Cancel
          </button>
        </>
      ) : (
        <>
          {work.kind === 'failed' ? <Problem>{work.sentence}</Problem> : <p role="status">Cancelled.</p>}
          <button type="button" className="small" onClick={() => void loadMap()}>
            Try again
          </button>
        </>
      )}
    </div>
  );
}
