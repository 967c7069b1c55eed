import { startRun, useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { forgetUnfinishedRun, useUnfinishedRun } from '../../state/unfinishedRun.ts';

/** Offers to go on with a comparison that a reload cut off. */
export function UnfinishedRun() {
  const spec = useUnfinishedRun((state) => state.spec);
  const running = useRun(({ run }) => run.status === 'running');
  const change = useSettings((state) => state.change);
  if (spec === null || running) return null;
  return (
    <div className="notice">
      <p>
        A comparison was cut off. What it embedded and reranked is stored, and a training that was under way
        has its last checkpoint; models whose training had ended are trained again.
      </p>
      <div className="button-row">
        <button
          type="button"
          onClick={() => {
            change(() => spec);
            void startRun(spec);
          }}
        >
          Continue the comparison
        </button>
        <button type="button" className="small" onClick={forgetUnfinishedRun}>
          Forget it
        </button>
      </div>
    </div>
  );
}
