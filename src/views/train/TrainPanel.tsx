import { useEffect } from 'react';
import { withTraining } from '../../lab/spec/editTraining.ts';
import { useMachine } from '../../state/machine.ts';
import { cancelRun, startRun, useRun } from '../../state/run.ts';
import { useSettings } from '../../state/settings.ts';
import { RunOutcome } from '../RunOutcome.tsx';
import { StorageForecast } from '../StorageForecast.tsx';
import { UnfinishedRuns } from '../UnfinishedRuns.tsx';
import { TeacherCost } from './TeacherCost.tsx';
import { TrainCost } from './TrainCost.tsx';

/** Starts, pauses and resumes training. */
export function TrainPanel() {
  const spec = useSettings((state) => state.spec);
  const run = useRun((state) => state.run);
  const machine = useMachine((state) => state.machine);
  const running = run.status === 'running';
  const training = running && run.spec.train.length > 0;
  useEffect(() => {
    if (!training) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [training]);
  return (
    <section className="card run-panel" aria-labelledby="train-run-title">
      <h2 id="train-run-title" className="visually-hidden">
        Training
      </h2>
      <div className="button-row">
        {running ? (
          <button type="button" disabled={run.cancelling} onClick={() => void cancelRun()}>
            {run.cancelling ? 'Pausing…' : 'Pause'}
          </button>
        ) : (
          <button type="button" className="primary" onClick={() => void startRun(withTraining(spec))}>
            Train
          </button>
        )}
        <p className="quiet">
          A run that was paused or interrupted resumes from its last checkpoint when you press Train again
          with the same settings.
        </p>
      </div>
      {running ? null : (
        <>
          <TrainCost />
          <TeacherCost />
          <StorageForecast specOf={withTraining} />
        </>
      )}
      <UnfinishedRuns isOwn={({ compare, train }) => !compare.enabled && train.length > 0} />
      <RunOutcome isOwn={({ train }) => train.length > 0} />
      {machine.status === 'ready' ? (
        <p className="quiet">
          {machine.value.adapterKind === 'real'
            ? `Trains on ${machine.value.adapter}.`
            : machine.value.adapterKind === 'software'
              ? `Trains on ${machine.value.adapter}, a software adapter: correct, but slow. A GPU is many times faster.`
              : `Training needs WebGPU, but ${machine.value.adapter}; use a current browser.`}
        </p>
      ) : null}
    </section>
  );
}
