import { bytes } from '../base/units.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { modelLabel, systemLabel } from '../lab/spec/systemLabel.ts';
import { systemsOf } from '../lab/spec/systemName.ts';
import { startRun, useRun } from '../state/run.ts';
import { useSettings } from '../state/settings.ts';
import { forgetUnfinished, useStorage } from '../state/storage.ts';

/** Offers to go on with runs that a closed or crashed tab cut off. @param isOwn whether a run is the page's own */
export function UnfinishedRuns({ isOwn }: { readonly isOwn: (spec: Spec) => boolean }) {
  const stored = useStorage((state) => state.stored);
  const busy = useRun(({ run }) => run.status === 'running' || run.status === 'following');
  const change = useSettings((state) => state.change);
  if (busy || stored.status !== 'ready') return null;
  return stored.value.unfinished
    .filter(({ spec }) => isOwn(spec))
    .map(({ id, spec, startedAt, bytes: size }) => (
      <div key={id} className="notice">
        <p>
          A run of {startedAt.slice(0, 10)} was cut off: {whatRan(spec)}. What it had found is kept (
          {bytes(size)}); it goes on from there and ends as if nothing had happened.
        </p>
        <div className="button-row">
          <button
            type="button"
            onClick={() => {
              change(() => spec);
              void startRun(spec, { goOn: true });
            }}
          >
            Continue
          </button>
          <button type="button" className="small" onClick={() => void forgetUnfinished(id)}>
            Forget it
          </button>
        </div>
      </div>
    ));
}

function whatRan(spec: Spec): string {
  const collections = `${spec.datasets.length} ${spec.datasets.length === 1 ? 'collection' : 'collections'}`;
  if (spec.compare.enabled) return `${systemsOf(spec).map(systemLabel).join(', ')} on ${collections}`;
  if (spec.train.length > 0)
    return `training of ${spec.train.map(({ name }) => modelLabel(name)).join(', ')}`;
  return `the layers of ${spec.models.ce.source} and ${spec.models.de.source} on ${collections}`;
}
