/**
 * `npm run bench:map [-- POINTS [WORDS]]`: frames a second on the page Explore's map while its points move from layer to
 * layer, with the bundled pair on made-up texts of so many words, on the software adapter.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';
import { writeCollection } from './madeCollection.ts';

const points = Number(process.argv[2] ?? 20_000);
const queries = 20;
const wordsPerText = Number(process.argv[3] ?? 4);
const moves = 6;
const longest = 3_600_000;

/** Milliseconds between the frames of some time. A function with a name would call a helper that the page lacks. */
function framesOf(page: Page, milliseconds: number): Promise<number[]> {
  return page.evaluate(async (time) => {
    const times: number[] = [];
    do times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
    while (times.at(-1)! - times[0]! < time);
    return times.slice(1).map((at, index) => at - times[index]!);
  }, milliseconds);
}

await buildIfStale();
const data = mkdtempSync(join(tmpdir(), 'layerlab-map-'));
await writeCollection(join(data, 'made'), { documents: points - queries, queries, words: wordsPerText });
const server = await serve({ data });
const { page, close } = await openBrowser('software', null);
try {
  page.setDefaultTimeout(longest);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto(`${server.url}#/explore?tab=map&c=local:made`);
  const started = performance.now();
  await page.getByText('Of the 10 texts nearest', { exact: false }).waitFor();
  console.log(
    `${points} texts embedded and mapped in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  const slider = page.getByRole('slider');
  await slider.focus();
  const gaps: number[] = [];
  for (let move = 0; move < moves; move++) {
    // Points move for 700 ms; what a layer has else to be measured is over before the next move.
    const counted = framesOf(page, 700);
    await slider.press('ArrowRight');
    gaps.push(...(await counted));
    await page.waitForTimeout(3000);
  }
  const sorted = [...gaps].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  console.log(
    `${points} points, ${moves} moves: ${(1000 / mean).toFixed(0)} frames a second; between two frames median ${at(0.5).toFixed(0)} ms, 95th percentile ${at(0.95).toFixed(0)} ms`,
  );
} finally {
  await close();
  await server.close();
  rmSync(data, { recursive: true, force: true });
}
