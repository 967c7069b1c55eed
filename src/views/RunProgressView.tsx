import { duration } from '../base/units.ts';
import type { RunProgress } from '../state/progress.ts';
import type { RunState } from '../state/run.ts';

type Started = Exclude<RunState, { readonly status: 'idle' }>;

/** How far a run is, or how it ended. */
export function RunProgressView({ run }: { readonly run: Started }) {
  const { progress } = run;
  return (
    <div className="run-progress">
      {run.status === 'running' || run.status === 'following' ? <Running progress={progress} /> : null}
      <p role="status">{headline(run)}</p>
      {progress.notices.length > 0 ? (
        <ul className="notices">
          {progress.notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Running({ progress }: { readonly progress: RunProgress }) {
  const { models, secondsLeft, downloads } = progress;
  const training = Object.entries(progress.training).at(-1);
  const { count } = progress;
  const share = count
    ? count.done / Math.max(1, count.total)
    : training
      ? training[1].steps.length / Math.max(1, training[1].totalSteps)
      : ((models.ce?.share ?? 0) + (models.de?.share ?? 0)) / 2;
  const loading = Object.entries(downloads).find(([, { loaded, total }]) => total !== null && loaded < total);
  return (
    <>
      <progress value={share} max={1} aria-label="Share of the run that is done" />
      <p className="quiet">
        {Object.entries(models)
          .map(
            ([kind, model]) =>
              `${kind.toUpperCase()}: ${model.dataset} ${model.done} of ${model.total} texts, ${Math.round(model.textsPerSecond)} texts/s` +
              (model.cached > 0 ? `, ${model.cached} from the store` : ''),
          )
          .join(' · ')}
        {count
          ? `${count.done.toLocaleString('en')} of ${count.total.toLocaleString('en')} ${count.what}`
          : ''}
        {training && !count
          ? ` · ${training[0]}: step ${training[1].steps.length} of ${training[1].totalSteps}, ${training[1].pairsPerSecond.toFixed(1)} pairs/s`
          : ''}
        {secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`}
        {loading ? ` · loading ${loading[0]}, ${megabytes(loading[1])}` : ''}
      </p>
    </>
  );
}

function megabytes({ loaded, total }: { readonly loaded: number; readonly total: number | null }): string {
  const of = total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`;
  return `${(loaded / 1e6).toFixed(1)}${of} MB`;
}

/** Announced by screen readers, so it changes with the stage and not with every batch. */
function headline(run: Started): string {
  switch (run.status) {
    case 'running':
      return `${run.progress.stage}…`;
    case 'following':
      return `This run goes on in another tab, its results appear here too: ${run.progress.stage}…`;
    case 'done':
      return `Done in ${duration(run.report.environment.seconds)}.`;
    case 'cancelled':
      return 'Cancelled. What was embedded is stored; the next run continues from there.';
    case 'failed':
      return 'The run stopped. What was embedded is stored, and the curves drawn so far stay.';
  }
}
