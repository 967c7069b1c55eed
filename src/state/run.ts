import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { RunEvent } from '../lab/pipeline/events.ts';
import { runId } from '../lab/pipeline/runId.ts';
import type { Report } from '../lab/report/report.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { batched } from './frames.ts';
import { calledBack, labClient } from './labClient.ts';
import { askToKeep } from './persistence.ts';
import { afterEvent, type RunProgress, startOfRun } from './progress.ts';
import { refreshStorage } from './storage.ts';
import { aloneInTabs, type RunEnd, tellTabs } from './tabs.ts';
import { useView } from './view.ts';

/** The one run of the page. What had been drawn stays when it fails or is cancelled. */
export type RunState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly id: string;
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
  | { readonly status: 'cancelled'; readonly spec: Spec; readonly progress: RunProgress }
  /** Goes on in another tab, which tells how far it is. */
  | {
      readonly status: 'following';
      readonly id: string;
      readonly spec: Spec;
      readonly progress: RunProgress;
    };

export const useRun = create<{ readonly run: RunState }>(() => ({ run: { status: 'idle' } }));

/** A file that a run gives out; see the event. */
export type RunArtefact = Extract<RunEvent, { type: 'artefact' }>;

interface RunOptions {
  /** Takes the run's files, one at a time; without it none are made, and the run is noted to be gone on with. */
  readonly keep?: (file: RunArtefact) => Promise<void>;
  /** Whether the run goes on where a closed or crashed tab left it. */
  readonly goOn?: boolean;
}

/**
 * Starts a run; what comes of it is in {@link useRun}. Does nothing while one goes on. Where another tab runs the
 * very same spec, its run is followed instead.
 * @returns how the run ended; null where none was started
 */
export async function startRun(
  spec: Spec,
  { keep, goOn = false }: RunOptions = {},
): Promise<RunState | null> {
  if (useRun.getState().run.status === 'running') return null;
  const id = runId(spec);
  const progress = startOfRun(spec.datasets.length);
  useRun.setState({ run: { status: 'running', id, spec, progress, cancelling: false } });
  useView.getState().show('run');
  // Checkpoints of hours are to outlast a full disk.
  if (spec.train.length > 0) void askToKeep();
  const end = await aloneInTabs(id, async () => {
    tellTabs({ type: 'goes on', id, spec, progress });
    const ended = await runToEnd(id, spec, keep, goOn);
    tellTabs({ type: 'end', id, end: ended });
    return ended;
  });
  if (!end) {
    useRun.setState({ run: { status: 'following', id, spec, progress } });
    tellTabs({ type: 'ask' });
    return null;
  }
  const run = { ...end, spec, progress: progressNow(progress) };
  useRun.setState({ run });
  await refreshStorage();
  return run;
}

function progressNow(otherwise: RunProgress): RunProgress {
  const { run } = useRun.getState();
  return run.status === 'idle' ? otherwise : run.progress;
}

async function runToEnd(id: string, spec: Spec, keep: RunOptions['keep'], goOn: boolean): Promise<RunEnd> {
  const events = batched<RunEvent>((items) => {
    tellTabs({ type: 'events', id, events: items });
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
      // Reproduce's queue remembers for itself what it has done.
      keep ? { files: true } : { journal: goOn ? 'go on' : 'begin' },
    );
    return { status: 'done', report };
  } catch (error) {
    return isCancelled(error) ? { status: 'cancelled' } : { status: 'failed', sentence: sentenceOf(error) };
  } finally {
    events.flush();
  }
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
