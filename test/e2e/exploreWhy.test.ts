import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { defaultSpec } from '../../src/lab/spec/defaults.ts';
import { toPermalink } from '../../src/lab/spec/permalink.ts';
import { axeViolations } from './support/axe.ts';
import { labBrowser, work } from './support/page.ts';

const lab = labBrowser();
const ready = 'Compute the curves';
const small = toPermalink(defaultSpec(12, 30));
const address = `#/explore?${new URLSearchParams({ tab: 'why', spec: small })}`;

async function saved(page: Page, figure: RegExp, button: string): Promise<string> {
  const press = page.getByRole('figure', { name: figure }).getByRole('button', { name: button, exact: true });
  const [download] = await Promise.all([page.waitForEvent('download'), press.click()]);
  return readFileSync(await download.path(), 'utf8');
}

test('norms and directions against IDF, in words, by pointer and keyboard, and curves under IDF weights', async () => {
  const { page, faults } = await lab.open(address, {
    ready,
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
  });
  await page.getByRole('heading', { name: /^What the figures show on FOLDOC/ }).waitFor();
  await page.getByText(/^In the CE, /).waitFor();

  const measure = page.getByLabel('Drawn against IDF');
  await measure.selectOption('direction-1');
  const scatter = page.getByRole('img', { name: /^Cross encoder \(CE\): first singular direction/ });
  await scatter.waitFor();
  expect(new URL(page.url()).hash).toContain('measure=direction-1');

  await page.getByLabel('Find a token').fill('language');
  const readout = page.locator('.token-readout');
  await page.getByText(/^“language”\. CE: in \d+ documents, IDF /).waitFor();
  expect(new URL(page.url()).hash).toContain('token=language');
  const found = await readout.innerText();
  await page.getByLabel('Token, from common to rare').press('ArrowRight');
  await expect.poll(() => readout.innerText()).not.toBe(found);
  await scatter.scrollIntoViewIfNeeded();
  const place = (await scatter.locator('circle').nth(700).boundingBox())!;
  await page.mouse.move(place.x + 2, place.y + 2);
  // The token below the pointer is named where the one of the slider was.
  const named = scatter.locator('text').last();
  const chosen = /^“(.+?)”\./.exec(await readout.innerText())![1];
  await expect.poll(() => named.textContent()).not.toBe(chosen);

  const svg = await saved(page, /^First singular direction/, 'SVG');
  expect(svg).toContain('Dual encoder (DE)');
  expect(svg.match(/<circle/g)?.length).toBeGreaterThan(1000);
  const csv = await saved(page, /^First singular direction/, 'CSV');
  expect(csv).toMatch(/^token,model,documents,IDF,norm of the embedding,/);
  expect(csv).toMatch(/\r\nlanguage,CE,/);

  await page.getByText(/^Two runs of 42 texts by every layer/).waitFor();
  await page.getByRole('button', { name: ready }).click();
  await page.getByText(/^IDF weights .* at the CE’s embedding layer/).waitFor({ timeout: work });
  await page.getByText(/^CE: tokens weigh by their IDF in the 30 documents searched/).waitFor();
  const curves = JSON.parse(await saved(page, /by layer, plain mean and IDF weights/, 'JSON')) as object[];
  expect(curves).toHaveLength(14);
  const [first] = curves as Readonly<Record<string, number>>[];
  expect(first!['plain mean, from']).toBeLessThanOrEqual(first!['plain mean']!);
  expect(first!['IDF weights, to']).toBeGreaterThanOrEqual(first!['IDF weights']!);
  const bands = page.locator('.recharts-area');
  // Of each of both models, under both kinds of weights.
  expect(await bands.count()).toBe(4);
  await page.getByRole('checkbox', { name: '95 % intervals' }).uncheck();
  await expect.poll(() => bands.count()).toBe(0);
  await page.getByRole('checkbox', { name: '95 % intervals' }).check();
  expect(await axeViolations(page)).toEqual([]);

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeViolations(page)).toEqual([]);

  await page.goBack();
  await expect.poll(() => measure.inputValue()).toBe('norm');
  expect(faults).toEqual([]);
});
