import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { RunEvent } from '../lab/pipeline/events.ts';
import type { Report } from '../lab/report/report.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { batched } from './frames.ts';
import { calledBack, labClient } from './labClient.ts';
import { afterEvent, type RunProgress, startOfRun } from './progress.ts';
import { refreshStorage } from './storage.ts';
import { forgetUnfinishedRun, rememberRun } from './unfinishedRun.ts';
import { useView } from './view.ts';

/** The one run of the page. What had been drawn stays when it fails or is cancelled. */
export type RunState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly spec: Spec;
      readonly progress: RunProgress;
      readonly cancelling: boolean;
    }
  | { readonly status: 'done'; readonly spec: Spec; readonly progress: RunProgress; readonly report: Report }
  | {
      readonly status: 'failed';
      readonly spec: Spec;
      readonly progress: RunProgress;
      readonly sentence: string;
    }
  | { readonly status: 'cancelled'; readonly spec: Spec; readonly progress: RunProgress };

export const useRun = create<{ readonly run: RunState }>(() => ({ run: { status: 'idle' } }));

/** A file that a run gives out; see the event. */
export type RunArtefact = Extract<RunEvent, { type: 'artefact' }>;

/**
 * Starts a run; what comes of it is in {@link useRun}. Does nothing while one goes on.
 * @param keep takes the run's files, one at a time; without it none are made
 * @returns how the run ended; null where another one was going on
 */
export async function startRun(
  spec: Spec,
  keep?: (file: RunArtefact) => Promise<void>,
): Promise<RunState | null> {
  if (useRun.getState().run.status === 'running') return null;
  const progressNow = (): RunProgress => {
    const { run } = useRun.getState();
    return run.status === 'idle' ? startOfRun(spec.datasets.length) : run.progress;
  };
  useRun.setState({
    run: { status: 'running', spec, progress: startOfRun(spec.datasets.length), cancelling: false },
  });
  useView.getState().show('run');
  // Reproduce's queue remembers for itself what it has done.
  const remembered = keep === undefined && spec.compare.enabled;
  if (remembered) rememberRun(spec);
  const events = batched<RunEvent>((items) => {
    useRun.setState(({ run }) =>
      run.status === 'running' ? { run: { ...run, progress: items.reduce(afterEvent, run.progress) } } : {},
    );
  });
  try {
    const report = await labClient().run(
      spec,
      calledBack((event: RunEvent): void | Promise<void> =>
        event.type === 'artefact' ? keep?.(event) : events.add(event),
      ),
      keep !== undefined,
    );
    events.flush();
    useRun.setState({ run: { status: 'done', spec, progress: progressNow(), report } });
  } catch (error) {
    events.flush();
    useRun.setState({
      run: isCancelled(error)
        ? { status: 'cancelled', spec, progress: progressNow() }
        : { status: 'failed', spec, progress: progressNow(), sentence: sentenceOf(error) },
    });
  }
  if (remembered) forgetUnfinishedRun();
  await refreshStorage();
  return useRun.getState().run;
}

export async function cancelRun(): Promise<void> {
  const { run } = useRun.getState();
  if (run.status !== 'running') return;
  useRun.setState({ run: { ...run, cancelling: true } });
  await labClient().cancel();
}

/** Puts a sentence away that has been read; what was drawn stays. */
export function dismissFailure(): void {
  const { run } = useRun.getState();
  if (run.status !== 'failed') return;
  useRun.setState({ run: { status: 'cancelled', spec: run.spec, progress: run.progress } });
}
