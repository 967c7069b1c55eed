import { takeLock } from '../lab/cache/takeLock.ts';
import type { RunEvent } from '../lab/pipeline/events.ts';
import { runLock } from '../lab/pipeline/runId.ts';
import type { Report } from '../lab/report/report.ts';
import type { Spec } from '../lab/spec/spec.ts';
import type { RunProgress } from './progress.ts';

/** How a run ended. */
export type RunEnd =
  | { readonly status: 'done'; readonly report: Report }
  | { readonly status: 'failed'; readonly sentence: string }
  | { readonly status: 'cancelled' };

/** What the tabs of one browser tell each other of their runs. */
export type TabMessage =
  /** Asks what runs. */
  | { readonly type: 'ask' }
  | { readonly type: 'goes on'; readonly id: string; readonly spec: Spec; readonly progress: RunProgress }
  | { readonly type: 'events'; readonly id: string; readonly events: readonly RunEvent[] }
  | { readonly type: 'end'; readonly id: string; readonly end: RunEnd };

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('layerlab-runs') : null;

/** Tells the other tabs. */
export function tellTabs(message: TabMessage): void {
  channel?.postMessage(message);
}

/** @param take told what other tabs tell */
export function hearTabs(take: (message: TabMessage) => void): void {
  channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => take(data));
}

/**
 * Does some work while no other tab runs that spec.
 * @returns null, with nothing done, where one does
 */
export async function aloneInTabs<T>(id: string, work: () => Promise<T>): Promise<T | null> {
  const release = await takeLock(runLock(id));
  if (!release) return null;
  try {
    return await work();
  } finally {
    await release();
  }
}
