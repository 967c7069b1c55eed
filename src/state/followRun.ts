import { runsGoingOn } from '../lab/pipeline/runId.ts';
import type { Report } from '../lab/report/report.ts';
import { afterEvent } from './progress.ts';
import { useReports } from './reports.ts';
import { type RunState, useRun } from './run.ts';
import { refreshStorage, useStorage } from './storage.ts';
import { hearTabs, type RunEnd, type TabMessage, tellTabs } from './tabs.ts';
import { useView } from './view.ts';

/** Between two looks whether the tab that runs is still there, in milliseconds. */
const lookEvery = 2000;

/** Shows the run of another tab, as far as this one has no run of its own, and tells others of this one's. */
export function followTabs(): void {
  hearTabs(take);
  tellTabs({ type: 'ask' });
  useRun.subscribe(({ run }, { run: before }) => {
    if (run.status === 'following' && before.status !== 'following') void watch(run.id);
  });
}

function take(message: TabMessage): void {
  const { run } = useRun.getState();
  const followed = run.status === 'following' ? run : null;
  switch (message.type) {
    case 'ask': {
      if (run.status !== 'running') return;
      const { id, spec, progress } = run;
      tellTabs({ type: 'goes on', id, spec, progress });
      return;
    }
    case 'goes on': {
      if (followed ? followed.id !== message.id : run.status !== 'idle') return;
      const { id, spec, progress } = message;
      useRun.setState({ run: { status: 'following', id, spec, progress } });
      if (!followed) useView.getState().show('run');
      return;
    }
    case 'events':
      if (followed?.id !== message.id) return;
      useRun.setState({
        run: { ...followed, progress: message.events.reduce(afterEvent, followed.progress) },
      });
      return;
    case 'end':
      if (followed?.id === message.id) end(followed, message.end);
  }
}

/** A report of another tab is shown as one that was opened: what else is known of its run is in that tab's worker. */
function end(followed: Extract<RunState, { status: 'following' }>, ended: RunEnd): void {
  if (ended.status === 'done') {
    showReport(ended.report);
    return;
  }
  const { spec, progress } = followed;
  useRun.setState({ run: { ...ended, spec, progress } });
}

function showReport(report: Report): void {
  useReports.setState({ opened: { file: 'the run in another tab', report } });
  useRun.setState({ run: { status: 'idle' } });
  useView.getState().show('opened');
}

/** Looks until the run is not followed any more; where its tab is gone, it is offered to go on with. */
async function watch(id: string): Promise<void> {
  let misses = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
    const { run } = useRun.getState();
    if (run.status !== 'following' || run.id !== id) return;
    if (!('locks' in navigator) || (await runsGoingOn()).has(id)) misses = 0;
    // Its end may be told just now.
    else if (++misses === 2) {
      const { spec, progress } = run;
      await refreshStorage();
      const { stored } = useStorage.getState();
      const kept = stored.status === 'ready' && stored.value.unfinished.some((one) => one.id === id);
      const sentence = `The tab in which this run went on was closed or crashed; ${
        kept ? 'Continue goes on where it was.' : 'start it again, what was embedded is stored.'
      }`;
      useRun.setState({ run: { status: 'failed', spec, progress, sentence } });
      return;
    }
  }
}
