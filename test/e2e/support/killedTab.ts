import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';

interface TextsDone {
  readonly done: number;
  /** How many of these were not embedded in this sitting. */
  readonly stored: number;
}

/** Texts of a run that are done by both models, as the page tells it; all where the run has ended. */
async function textsDone(page: Page): Promise<TextsDone> {
  const text = await page.locator('.run-progress').innerText();
  if (text.includes('Done in')) return { done: Number.POSITIVE_INFINITY, stored: Number.POSITIVE_INFINITY };
  const sum = (pattern: RegExp): number =>
    [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
  return { done: sum(/(?:CE|DE): \S+ (\d+) of/g), stored: sum(/(\d+) from the store/g) };
}

/** Waits until so many texts are done. @returns how many were when it looked */
export async function untilDone(page: Page, texts: number): Promise<TextsDone> {
  for (;;) {
    const now = await textsDone(page);
    if (now.done >= texts) return now;
    await pause(20);
  }
}

/** Processor seconds of each process that draws pages. */
async function renderers(cdp: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  return new Map(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime] as const),
  );
}

/** The process that has most to do: that of the page with the run. */
async function busiest(cdp: CDPSession): Promise<number> {
  const before = await renderers(cdp);
  await pause(100);
  const now = await renderers(cdp);
  const spent = [...now].map(([id, seconds]) => [id, seconds - (before.get(id) ?? seconds)] as const);
  return spent.sort(([, a], [, b]) => b - a)[0]![0];
}

/** Kills a page's process as a system does that runs out of memory: nothing of it has a last word. */
export async function killTab(page: Page): Promise<void> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The page has no browser.');
  const cdp = await browser.newBrowserCDPSession();
  const crashed = page.waitForEvent('crash').then(() => true);
  do process.kill(await busiest(cdp), 'SIGKILL');
  while (!(await Promise.race([crashed, pause(3000, false)])));
  await cdp.detach();
  await page.close();
}

/** A fresh page in a profile. */
export async function openTab(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

/** The report that the page shows, as its button saves it. */
export async function savedReport(page: Page): Promise<Report> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save report.json' }).click(),
  ]);
  return readReport(readFileSync(await download.path(), 'utf8'), 'report.json');
}
