/**
 * `npm run screenshot [-- FILE HASH]`: the page at an address, as `#/train`, in a PNG. Without both, the pictures of
 * the README; `-- NAME` takes one of them. `--width PIXELS`, `--height PIXELS` and `--theme light|dark` are of one
 * picture.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';
import { indexedPng } from './indexedPng.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The README's pictures by their names in `docs/`: an address, and what is done there. */
const ofReadme: Readonly<Record<string, readonly [hash: string, prepare?: (page: Page) => Promise<void>]>> = {
  explore: [
    '#/explore',
    async (page) => {
      await page.getByRole('textbox', { name: 'Query' }).fill('a program that checks a disk for errors');
      await page.getByRole('heading', { name: 'The first ten of every layer' }).waitFor();
    },
  ],
  lesson: [
    '#/lesson?step=curve&present=1',
    async (page) => {
      await page.getByRole('button', { name: 'Show the answer' }).click();
      await page.getByRole('heading', { name: 'Pick a layer' }).waitFor();
      await page.evaluate(() => scrollTo(0, 0));
    },
  ],
  lab: ['#/layers'],
  train: ['#/train'],
  compare: ['#/compare'],
  paper: ['#/paper'],
  reproduce: ['#/reproduce'],
};

async function take(
  page: Page,
  url: string,
  file: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  // A new address behind the # alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  await prepare?.(page);
  // Curves grow into their places.
  await page.waitForTimeout(2000);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await withPalette(page, await page.screenshot()));
  console.log(file);
}

/** The browser reads its own PNG, since Node cannot. */
async function withPalette(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, pixels } = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let binary = '';
    for (let at = 0; at < data.length; at += 2 ** 15) {
      binary += String.fromCharCode(...data.subarray(at, at + 2 ** 15));
    }
    return { width: bitmap.width, height: bitmap.height, pixels: btoa(binary) };
  }, png.toString('base64'));
  return indexedPng(Buffer.from(pixels, 'base64'), width, height);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '960' },
    theme: { type: 'string', default: 'light' },
  },
});
await buildIfStale();
const server = await serve();
const { page, close } = await openBrowser('software', null);
await page.setViewportSize({ width: Number(values.width), height: Number(values.height) });
await page.emulateMedia({ colorScheme: values.theme === 'dark' ? 'dark' : 'light' });
// Under load a page's answer takes its time.
page.setDefaultTimeout(300_000);
const [file, hash = '#/layers'] = positionals;
const named = Object.entries(ofReadme).filter(([name]) => file === undefined || name === file);
if (file && named.length === 0) await take(page, `${server.url}${hash}`, file);
else {
  for (const [name, [of, prepare]] of named) {
    await take(page, `${server.url}${of}`, `${root}docs/${name}.png`, prepare);
  }
}
await close();
await server.close();
