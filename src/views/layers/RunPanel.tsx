import { bytes, duration } from '../../base/units.ts';
import { Problem } from '../../components/Problem.tsx';
import { inFull, isFull } from '../../lab/spec/editDatasets.ts';
import { layersOnly } from '../../lab/spec/editTraining.ts';
import { useDropped } from '../../state/dropped.ts';
import { useEstimate } from '../../state/estimate.ts';
import { cancelRun, startRun, useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { RunOutcome } from '../RunOutcome.tsx';
import { StorageForecast } from '../StorageForecast.tsx';
import { UnfinishedRuns } from '../UnfinishedRuns.tsx';
import { BackendNote } from './BackendNote.tsx';

/** One click runs the experiment; while it runs, this says how far it is. */
export function RunPanel() {
  const settings = useSettings((state) => state.spec);
  const spec = layersOnly(settings);
  const run = useRun((state) => state.run);
  const reading = useDropped((state) => state.reading);
  const running = run.status === 'running';
  const full = isFull(spec);
  return (
    <section className="card run-panel" aria-labelledby="run-title">
      <h2 id="run-title" className="visually-hidden">
        Run
      </h2>
      <div className="button-row">
        {running ? (
          <button type="button" disabled={run.cancelling} onClick={() => void cancelRun()}>
            {run.cancelling ? 'Cancelling…' : 'Cancel'}
          </button>
        ) : (
          <>
            <button type="button" className="primary" disabled={reading} onClick={() => void startRun(spec)}>
              Run
            </button>
            {full ? null : (
              <button type="button" disabled={reading} onClick={() => void startRun(inFull(spec))}>
                Run in full
              </button>
            )}
          </>
        )}
        {running ? null : <Cost />}
      </div>
      {running ? null : <StorageForecast specOf={layersOnly} />}
      <UnfinishedRuns isOwn={({ compare, train }) => !compare.enabled && train.length === 0} />
      <RunOutcome isOwn={({ layerwise }) => layerwise.enabled} />
      <BackendNote />
    </section>
  );
}

function Cost() {
  const spec = useSettings((state) => state.spec);
  const estimate = useEstimate((state) => state.estimate);
  if (estimate.status === 'failed') {
    return <Problem>{estimate.sentence}</Problem>;
  }
  if (estimate.status === 'loading') return <p className="quiet">Counting texts…</p>;
  const { texts, fullTexts, seconds, fullSeconds, basis, download } = estimate.value;
  const about = (time: number | null): string => (time === null ? '' : `, about ${duration(time)}`);
  const pace = basis === null ? '' : ` at the pace of ${basis}`;
  const fetched =
    download === 0
      ? ''
      : ` Collections of the hub are downloaded: ${download === null ? 'how much is not known before' : `about ${bytes(download)}`}.`;
  return (
    <p className="quiet cost">
      {isFull(spec)
        ? `All ${count(fullTexts)} texts by both models${about(fullSeconds)}${pace}.`
        : `A sample of ${count(texts)} texts by both models${about(seconds)}; in full ${count(fullTexts)} texts${about(fullSeconds)}${pace}.`}
      {fetched}
    </p>
  );
}

function count(texts: number): string {
  return texts.toLocaleString('en');
}
