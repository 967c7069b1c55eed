/**
 * `npm run bench:explore [-- --against DIST]`: milliseconds from a key to the lists of every layer on the page Explore,
 * in the built page with a bundled collection's carried vectors; the words of its queries are typed letter by letter.
 * Against another build, as that of a checkout of an earlier commit, both take each query in turn, and what counts is
 * the ratio.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';

const collection = 'foldoc';
const typedQueries = 6;
const most = 600_000;

/** What one key cost, in milliseconds. */
interface KeyTime {
  /** Until the lists stand in the document. */
  readonly lists: number;
  /** Until the frame that shows them is drawn. */
  readonly drawn: number;
  /** Of it in the worker, as the page says. */
  readonly worker: number;
}

function queries(): string[] {
  const file = new URL(`../public/datasets/${collection}/queries.jsonl`, import.meta.url);
  const lines = readFileSync(fileURLToPath(file), 'utf8').trim().split('\n');
  const step = Math.floor(lines.length / typedQueries);
  return Array.from(
    { length: typedQueries },
    (_, at) => (JSON.parse(lines[at * step]!) as { text: string }).text,
  );
}

/** Types a text letter by letter; each next key waits for the lists of the last. */
async function type(page: Page, text: string): Promise<KeyTime[]> {
  return await page.evaluate(async (whole) => {
    const box = document.querySelector<HTMLTextAreaElement>('textarea.query')!;
    // React takes a value only by the element's own setter.
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!;
    const times: KeyTime[] = [];
    for (let length = 1; length <= whole.length; length++) {
      if (whole[length - 1] === ' ') continue;
      const started = performance.now();
      const { lists, drawn } = await new Promise<{ lists: number; drawn: number }>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          const lists = performance.now() - started;
          // A task behind a frame runs when the frame is drawn.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve({ lists, drawn: performance.now() - started });
            port2.postMessage(null);
          });
        });
        const status = document.querySelector('.query-box [role=status]')!;
        const shown = document.querySelector('.layer-lists')?.parentElement?.parentElement;
        observer.observe(shown ?? status, { childList: true, characterData: true, subtree: true });
        set.call(box, whole.slice(0, length));
        box.dispatchEvent(new Event('input', { bubbles: true }));
      });
      const said = document.querySelector('.query-box [role=status]')!.textContent ?? '';
      times.push({ lists, drawn, worker: Number(/\d+/.exec(said)?.[0]) });
    }
    return times;
  }, text);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

const parts = [
  ['worker', 'worker alone'],
  ['lists', 'lists in the document'],
  ['drawn', 'lists drawn'],
] as const;

/** A build of the page, and what its keys cost. */
interface Side {
  readonly name: string;
  readonly page: Page;
  readonly times: KeyTime[];
}

function tell({ name, times: [first, ...warm] }: Side): void {
  console.log(
    `${name}: first key, lists after ${first!.lists.toFixed(0)} ms, drawn after ${first!.drawn.toFixed(0)} ms`,
  );
  for (const [what, said] of parts) {
    const all = warm.map((time) => time[what]);
    console.log(
      `${name}: ${warm.length} keys, ${said}: median ${quantile(all, 0.5).toFixed(0)} ms, 95th percentile ${quantile(all, 0.95).toFixed(0)} ms`,
    );
  }
}

function tellRatio(ours: Side, other: Side): void {
  for (const [what, said] of parts) {
    const ratio = (share: number): string => {
      const [a, b] = [ours, other].map(({ times }) =>
        quantile(
          times.slice(1).map((time) => time[what]),
          share,
        ),
      ) as [number, number];
      return (a / b).toFixed(2);
    };
    const keyByKey = ours.times.slice(1).map((time, at) => time[what] / other.times[at + 1]![what]);
    console.log(
      `${ours.name} takes of ${other.name}, ${said}: median ${ratio(0.5)}, 95th percentile ${ratio(0.95)}, key by key ${quantile(keyByKey, 0.5).toFixed(2)}`,
    );
  }
}

const { values: flags } = parseArgs({ options: { against: { type: 'string' } } });
await buildIfStale();
const builds = [{ name: 'this page', options: {} }];
if (flags.against !== undefined) {
  builds.push({ name: 'the other', options: { built: resolve(flags.against) } });
}
const servers = await Promise.all(builds.map(({ options }) => serve(options)));
const { page: first, close } = await openBrowser('software', null);
try {
  const sides: Side[] = [];
  for (const [at, { name }] of builds.entries()) {
    const page = at === 0 ? first : await first.context().newPage();
    page.setDefaultTimeout(most);
    await page.goto(`${servers[at]!.url}#/explore?c=bundled:${collection}`);
    await page.getByText('Their vectors came with the page', { exact: false }).waitFor();
    sides.push({ name, page, times: [] });
  }
  for (const [at, text] of queries().entries()) {
    // Whoever goes first, the next query goes first the other way.
    for (const { page, times } of at % 2 === 0 ? sides : sides.toReversed()) {
      await page.bringToFront();
      times.push(...(await type(page, text)));
    }
  }
  for (const side of sides) tell(side);
  if (sides.length > 1) tellRatio(sides[0]!, sides[1]!);
  console.log(`load of the machine in the last minute, this bench with it: ${loadavg()[0]!.toFixed(1)}`);
} finally {
  await close();
  for (const server of servers) await server.close();
}
