import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from './support/axe.ts';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();

/** What a button saves, as text. */
async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return readFileSync(await download.path(), 'utf8');
}

const allRead = (page: Page): Promise<void> => page.getByText('Change of each layer’s cosine').waitFor();

test('a pair is opened from a search, kept as pictures and figures, and found again by its address', async () => {
  const { page, faults } = await lab.open('#/explore?q=programming+language', {
    ready: 'Embed all 3000 documents',
    colorScheme: 'light',
  });
  await page.getByText(/^Answered in/).waitFor();
  await page.locator('.hit-inspect').first().click();
  await allRead(page);
  expect(await page.getByLabel('Query', { exact: true }).inputValue()).toBe('programming language');
  await page.getByLabel('Layer of tokens and attention').selectOption('2');
  await page.getByLabel('Join word pieces to words').check();
  const link = page.url();
  expect(new URL(link).hash).toContain('tab=pair');

  const words = page.getByRole('figure', { name: 'Which words are alike, layer 2' });
  const csv = await saved(page, () => words.getByRole('button', { name: 'CSV' }).click());
  const cells = csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => /^\d+,(CE|DE),.*,([^,]*)$/.exec(line)!);
  const heading = await words.getByRole('heading', { name: /^Cross encoder \(CE\), MaxSim/ }).innerText();
  const sum = cells.filter(([, model]) => model === 'CE').reduce((total, cell) => total + Number(cell[2]), 0);
  expect(Math.abs(sum - Number(heading.split('MaxSim ')[1]))).toBeLessThan(0.0005 + 1e-5);

  const sheet = await saved(page, () => page.getByRole('button', { name: 'All in one as SVG' }).click());
  // The lab's own policy lets no script parse what it did not make.
  const plain = await page.context().newPage();
  const read = await plain.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      broken: parsed.querySelector('parsererror') !== null,
      names: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
      shades: parsed.querySelectorAll('path[fill-opacity]').length,
      variables: text.includes('var(--'),
    };
  }, sheet);
  await plain.close();
  expect(read).toMatchObject({ broken: false, variables: false });
  for (const name of [
    'How alike the texts are, layer by layer',
    'Which words are alike, layer 2',
    'Where the CE looks across the texts',
    'Which words matter',
    'attention that crosses, mean of both ways',
  ]) {
    expect(read.names).toContain(name);
  }
  expect(read.shades).toBeGreaterThan(20);

  expect(await axeViolations(page)).toEqual([]);
  await page.goBack();
  await expect.poll(() => page.getByLabel('Join word pieces to words').isChecked()).toBe(false);
  expect(faults).toEqual([]);

  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  // A new address behind the # alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(link);
  await allRead(page);
  expect(await page.getByLabel('Layer of tokens and attention').inputValue()).toBe('2');
  expect(await page.getByLabel('Join word pieces to words').isChecked()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole('region', { name: /^How much crosses/ }).press('ArrowDown');
  await page.getByText(/^layer 1 and head 1: \d/).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await page.getByLabel('Query', { exact: true }).fill('🙂🙂');
  await page.getByText('The query has no words to leave out, only signs.').waitFor();
  await page
    .getByText(/vocabulary knows no token of the query/)
    .first()
    .waitFor();
  await page.getByLabel('Query', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Take an example' }).waitFor();
  expect(faults).toEqual([]);
});
