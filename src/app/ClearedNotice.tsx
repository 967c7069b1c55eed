import { dismissCleared, useCleared } from '../state/keptMark.ts';

/** Says that the browser has cleared what an earlier visit left, on whatever page that is met. */
export function ClearedNotice() {
  const sentence = useCleared((state) => state.sentence);
  if (sentence === null) return null;
  return (
    <p className="version-notice" role="status">
      {sentence}{' '}
      <button type="button" className="small" onClick={dismissCleared}>
        Dismiss
      </button>
    </p>
  );
}
