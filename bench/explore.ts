/**
 * `npm run bench:explore`: milliseconds from a key to the lists of every layer on the page Explore, in the built page
 * with a bundled collection's carried vectors; the words of its queries are typed letter by letter.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
}

await buildIfStale();
const server = await serve();
const { page, close } = await openBrowser('software', null);
try {
  page.setDefaultTimeout(most);
  await page.goto(`${server.url}#/explore?c=bundled:${collection}`);
  await page.getByText('Their vectors came with the page', { exact: false }).waitFor();
  const times: KeyTime[] = [];
  for (const text of queries()) times.push(...(await type(page, text)));
  const [first, ...warm] = times;
  console.log(
    `first key: lists after ${first!.lists.toFixed(0)} ms, drawn after ${first!.drawn.toFixed(0)} ms`,
  );
  for (const [what, name] of [
    ['worker', 'worker alone'],
    ['lists', 'lists in the document'],
    ['drawn', 'lists drawn'],
  ] as const) {
    const all = warm.map((time) => time[what]);
    console.log(
      `${warm.length} keys, ${name}: median ${quantile(all, 0.5)} ms, 95th percentile ${quantile(all, 0.95)} ms`,
    );
  }
} finally {
  await close();
  await server.close();
}
