/**
 * `npm run screenshot [-- FILE HASH]`: the page at an address, as `#/train`, in a PNG. Without both, the pictures of
 * the README and of the docs; `-- NAME` takes one of them. `--width PIXELS`, `--height PIXELS` and `--theme light|dark`
 * are of one picture.
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

const pairOfTexts = {
  query: 'a tool that compresses files',
  document: 'gzip shrinks single files by the algorithm of Lempel and Ziv',
};

/** An address, what is done there, and the part of the page that is to be seen, where that is not what fits. */
type Picture = readonly [hash: string, prepare?: (page: Page) => Promise<void>, part?: string];

/** The pictures of README and docs by their names in `docs/`. */
const pictures: Readonly<Record<string, Picture>> = {
  explore: [
    '#/explore',
    async (page) => {
      await page.getByRole('textbox', { name: 'Query' }).fill('a program that checks a disk for errors');
      await page.getByRole('heading', { name: 'The first ten of every layer' }).waitFor();
    },
  ],
  map: [
    '#/explore?tab=map&layer=6&colour=cluster',
    async (page) => {
      await page.getByText('Of the 10 texts nearest', { exact: false }).waitFor();
      await page.locator('.map-canvas').press('ArrowUp');
      await page.getByRole('heading', { name: /^Nearest at layer/ }).waitFor();
      await page.locator('.figure').evaluate((figure) => figure.scrollIntoView());
    },
  ],
  pair: [
    `#/explore?tab=pair&layer=2&words=1&${new URLSearchParams(pairOfTexts)}`,
    async (page) => {
      await page.getByText('Change of each layer’s cosine').waitFor();
    },
    '.pair-figures',
  ],
  models: [
    '#/layers',
    async (page) => {
      await page.getByText('What this CE is').click();
      await page.locator('.model-description').getByText('Hidden states').first().waitFor();
    },
    '.model-look',
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

async function take(page: Page, file: string, [hash, prepare, part]: Picture): Promise<void> {
  // A new address behind the # alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(`${server.url}${hash}`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  await prepare?.(page);
  // Curves grow into their places.
  await page.waitForTimeout(2000);
  mkdirSync(dirname(file), { recursive: true });
  const shown = part === undefined ? page : page.locator(part).first();
  writeFileSync(file, await withPalette(page, await shown.screenshot()));
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
const named = Object.entries(pictures).filter(([name]) => file === undefined || name === file);
if (file && named.length === 0) await take(page, file, [hash]);
else {
  for (const [name, picture] of named) {
    await take(page, `${root}docs/${name}.png`, picture);
  }
}
await close();
await server.close();
