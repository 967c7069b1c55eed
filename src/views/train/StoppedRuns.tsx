import { bytes } from '../../base/units.ts';
import { modelLabel } from '../../lab/spec/systemLabel.ts';
import { startRun, useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { forgetRun, useStorage } from '../../state/storage.ts';

/** Runs that were paused, cancelled or cut off, also before a reload. */
export function StoppedRuns() {
  const stored = useStorage((state) => state.stored);
  const change = useSettings((state) => state.change);
  const running = useRun((state) => state.run.status === 'running');
  if (stored.status !== 'ready' || stored.value.runs.length === 0 || running) return null;
  return (
    <section className="card" aria-labelledby="stopped-title">
      <h2 id="stopped-title">Stopped runs</h2>
      <ul className="plain">
        {stored.value.runs.map(({ key, name, spec, step, bytes: size }) => (
          <li key={key}>
            <strong>{modelLabel(name)}</strong>: stopped after step {step}, seed {spec.seed}, {bytes(size)}{' '}
            <span className="button-row">
              <button
                type="button"
                className="small"
                onClick={() => {
                  change(() => spec);
                  void startRun(spec);
                }}
              >
                Go on with {modelLabel(name)}
              </button>
              <button type="button" className="small" onClick={() => void forgetRun(key)}>
                Forget {modelLabel(name)}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
