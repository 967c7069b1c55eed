import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from './support/axe.ts';
import { isWellFormed } from './support/isWellFormed.ts';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();
const ready = 'Embed all 3000 documents';

const listsOf = (page: Page): Promise<string[]> => page.locator('.layer-list').allInnerTexts();
const answered = (page: Page): Promise<void> => page.getByText(/^Answered in \d+ ms/).waitFor();

test('every layer answers while a query is typed, and Back undoes what was picked', async () => {
  const { page, faults } = await lab.open('#/explore', { ready, colorScheme: 'light' });
  await page.getByText('Their vectors came with the page, in half precision.').waitFor();
  const box = page.getByLabel('Query', { exact: true });
  await box.fill('a language for lists');
  await answered(page);
  // Seven layers of each model, and BM25.
  expect(await page.locator('.layer-list').count()).toBe(15);
  const typed = await listsOf(page);
  expect(typed[0]).toContain('Layer emb');
  expect(new URL(page.url()).hash).toContain('q=a+language+for+lists');

  await page.getByLabel(/^Or one of the collection’s/).selectOption({ index: 3 });
  await page.getByText('★ relevant').first().waitFor();
  const picked = await listsOf(page);
  expect(picked).not.toEqual(typed);
  expect(new URL(page.url()).hash).toContain('pick=');
  await page.getByLabel('BM25', { exact: true }).check();
  await page
    .getByText(/^Missing: \d+ of the other list/)
    .first()
    .waitFor();
  const link = page.url();

  await page.goBack();
  await expect.poll(() => page.getByLabel('nothing', { exact: true }).isChecked()).toBe(true);
  await page.goBack();
  await expect.poll(() => box.inputValue()).toBe('a language for lists');
  await expect.poll(() => listsOf(page)).toEqual(typed);

  const again = await page.context().newPage();
  await again.goto(link);
  await again.getByText('★ relevant').first().waitFor();
  await expect.poll(() => again.getByLabel('BM25', { exact: true }).isChecked()).toBe(true);
  expect(await listsOf(again)).toHaveLength(15);
  expect(faults).toEqual([]);
});

test('a document is read with its shared words, its line added, and the picture kept', async () => {
  const { page } = await lab.open('#/explore?q=programming+language', { ready, colorScheme: 'dark' });
  await answered(page);
  await page.locator('.hit').first().click();
  await page.locator('.read-document mark').first().waitFor();
  await page.getByRole('button', { name: 'Take its line away' }).click();
  await page.getByRole('button', { name: 'Draw its ranks' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.figure').getByRole('button', { name: 'SVG', exact: true }).click(),
  ]);
  const svg = readFileSync(await download.path(), 'utf8');
  expect(svg).toContain('Cross encoder (CE)');
  expect(svg).toContain('Dual encoder (DE)');
  expect(await isWellFormed(page.context(), svg)).toBe(true);
  expect(await axeViolations(page)).toEqual([]);
});

test('odd queries show something true or one sentence, on a narrow screen too', async () => {
  const { page, faults } = await lab.open('#/explore', {
    ready,
    colorScheme: 'light',
    viewport: { width: 360, height: 740 },
  });
  const box = page.getByLabel('Query', { exact: true });
  await box.fill('🙂🙂');
  await page.getByText(/^No document has a word of this query/).waitFor();
  await box.fill('线性代数');
  await page.getByText(/^No document has a word of this query/).waitFor();
  await box.fill(`${'many lines of text\n'.repeat(200)}`);
  await page.getByText('The query has 3800 characters', { exact: false }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeViolations(page)).toEqual([]);
  await box.fill('   ');
  await page.getByText('Type a query to see them', { exact: false }).waitFor();
  expect(faults).toEqual([]);
});

/** The middle of what is brought into sight. */
async function middleOf(part: Locator): Promise<[number, number]> {
  await part.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const { x, y, width, height } = (await part.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

/** Zooms into the map, which has the focus, by the wheel and by two fingers, and back to the whole. */
async function zoomByWheelAndPinch(page: Page): Promise<void> {
  const map = page.locator('.map-canvas');
  const [x, y] = await middleOf(map);
  const whole = page.getByText('1.0 ×');
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await whole.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Whole map' }).click();
  await whole.waitFor();
  const fingers = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number): Promise<unknown> =>
    fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [-apart, apart].filter(() => type !== 'touchEnd').map((by, id) => ({ x: x + by, y, id })),
    });
  await touch('touchStart', 40);
  await touch('touchMove', 80);
  await touch('touchMove', 120);
  await touch('touchEnd', 120);
  await page.getByText('3.0 ×').waitFor();
  await page.getByRole('button', { name: 'Whole map' }).click();
  await whole.waitFor();
}

test('the map: layer by layer, an area, a text by keyboard, another projection, all in the address', async () => {
  const { page, faults } = await lab.open('#/explore?tab=map&colour=cluster', {
    ready,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    viewport: { width: 360, height: 740 },
  });
  const measured = (): Promise<void> => page.getByText('Of the 10 texts nearest', { exact: false }).waitFor();
  await measured();
  await page.getByText('cluster 8 (', { exact: false }).first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axeViolations(page)).toEqual([]);

  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.getByRole('slider').press('End');
  await page
    .getByText('Two directions of 128 keep', { exact: false })
    .and(page.getByText('of layer 6'))
    .waitFor();
  const map = page.locator('.map-canvas');
  const [x, y] = await middleOf(map);
  await page.mouse.move(x - 90, y - 60);
  await page.mouse.down();
  await page.mouse.move(x + 90, y + 60);
  await page.mouse.up();
  const inside = page.getByRole('heading', { name: /^\d+ texts in the area$/ });
  await inside.waitFor();
  await map.press('ArrowRight');
  const nearest = page.getByRole('heading', { name: /^Nearest at layer 6/ });
  await nearest.waitFor();
  await map.press('+');
  await page.getByText('1.5 ×').waitFor();
  await expect.poll(() => page.url()).toContain('view=');
  expect(await axeViolations(page)).toEqual([]);

  const heading = await inside.innerText();
  const again = await page.context().newPage();
  await again.goto(page.url());
  await again.getByRole('heading', { name: heading }).waitFor();
  await again.getByRole('heading', { name: /^Nearest at layer 6/ }).waitFor();
  await again.getByText('1.5 ×').waitFor();
  await again.close();
  await page.goBack();
  await nearest.waitFor({ state: 'detached' });
  await page.getByText('1.0 ×').waitFor();
  await zoomByWheelAndPinch(page);

  await page.getByLabel(/^UMAP/).check();
  await page.getByText(/UMAP draws neighbourhoods, not distances/).waitFor();
  await measured();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.figure').getByRole('button', { name: 'CSV', exact: true }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(lines[0]).toBe('kind,id,x,y,group,text');
  expect(lines.filter((line) => line.startsWith('query,'))).toHaveLength(60);
  expect(faults).toEqual([]);
});
