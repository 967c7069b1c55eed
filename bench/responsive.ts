/**
 * `npm run bench:responsive [-- BACKEND]`: tasks above 50 ms of the page's own thread while the page Layers runs its
 * default on bundled data, by the browser's long-task API, and the processor time that they took, from a trace. Other
 * work on the machine makes tasks longer, but takes no processor time of theirs.
 */
import { loadavg } from 'node:os';
import type { CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';

const longTask = 50;
const most = 3_600_000;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the clock, and of the thread's processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Notes every long task of the page from here on. */
async function observe(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ type: 'longtask' });
  });
  return () => page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
}

/** Traces tasks of all threads. @returns what ends it, with the tasks of the page's own thread */
async function trace(devtools: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'] },
  });
  return async () => {
    const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
    await devtools.send('Tracing.end');
    await complete;
    const main = new Set(
      events
        .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
    return events.filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid} ${tid}`));
  };
}

const said = (milliseconds: readonly number[]): string =>
  `${milliseconds.filter((time) => time > longTask).length} above ${longTask} ms${
    milliseconds.length > 0 ? `, the longest ${Math.max(...milliseconds).toFixed(0)} ms` : ''
  }`;

await buildIfStale();
const server = await serve();
const browser = await openBrowser('auto', null);
try {
  const { page } = browser;
  const devtools = await page.context().newCDPSession(page);
  await page.goto(`${server.url}#/layers`);
  const button = page.getByRole('button', { name: 'Run', exact: true });
  await button.waitFor();
  await page.waitForLoadState('networkidle');
  const longTasks = await observe(page);
  const ended = await trace(devtools);
  const started = performance.now();
  await button.click();
  await page.getByText(/^Done in /).waitFor({ timeout: most });
  const tasks = await ended();
  const used = tasks.map(({ tdur = 0 }) => tdur / 1000);
  console.log(
    `${((performance.now() - started) / 1000).toFixed(0)} s, load ${loadavg()[0]!.toFixed(1)}, ${tasks.length} tasks of the page's thread`,
  );
  console.log(`by the clock (long-task API): ${said(await longTasks())}`);
  console.log(`by processor time (trace): ${said(used)}`);
} finally {
  await browser.close();
  await server.close();
}
