/**
 * `npm run screenshot [-- FILE HASH]`: the page at an address, as `#/train`, in a PNG. Without both, the pictures of
 * the README. `--width PIXELS`, `--height PIXELS` and `--theme light|dark` are of one picture.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from '../bin/browser.ts';
import { buildIfStale } from '../bin/build.ts';
import { serve } from '../bin/serve.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ofReadme = {
  lab: '#/layers',
  train: '#/train',
  compare: '#/compare',
  paper: '#/paper',
  reproduce: '#/reproduce',
};

async function take(page: Page, url: string, file: string): Promise<void> {
  // A new address behind the # alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  // Curves grow into their places.
  await page.waitForTimeout(2000);
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  console.log(file);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '1060' },
    theme: { type: 'string', default: 'light' },
  },
});
await buildIfStale();
const server = await serve();
const { page, close } = await openBrowser('software', null);
await page.setViewportSize({ width: Number(values.width), height: Number(values.height) });
await page.emulateMedia({ colorScheme: values.theme === 'dark' ? 'dark' : 'light' });
const [file, hash = '#/layers'] = positionals;
const pictures = file
  ? [[file, hash] as const]
  : Object.entries(ofReadme).map(([name, of]) => [`${root}docs/${name}.png`, of] as const);
for (const [path, of] of pictures) await take(page, `${server.url}${of}`, path);
await close();
await server.close();
