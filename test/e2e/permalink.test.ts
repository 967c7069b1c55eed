import { expect, test } from 'vitest';
import { labBrowser, linkTo } from './support/page.ts';

const lab = labBrowser();

test('the address holds the whole experiment', async () => {
  const { page, context } = await lab.open();
  expect(new URL(page.url()).hash).toBe('');
  await page.getByLabel('Queries', { exact: true }).fill('33');
  await page.getByLabel('Mean over').selectOption('first');
  await page.getByLabel('[CLS] too').check();
  await page.getByLabel(/^FOLDOC/).uncheck();
  await page.getByLabel('Metric', { exact: true }).selectOption('mrr@10');
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Seed').fill('7');
  await page.getByLabel('Layers (0 is the embedding layer)').fill('0 2');
  await page.getByLabel('Seed').focus();

  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByText('More', { exact: true }).click();
  await expect.poll(() => other.getByLabel('Queries', { exact: true }).inputValue()).toBe('33');
  await expect.poll(() => other.getByLabel('Mean over').inputValue()).toBe('first');
  await expect.poll(() => other.getByLabel('[CLS] too').isChecked()).toBe(true);
  await expect.poll(() => other.getByLabel(/^FOLDOC/).isChecked()).toBe(false);
  await expect.poll(() => other.getByLabel('Metric', { exact: true }).inputValue()).toBe('mrr@10');
  await expect.poll(() => other.getByLabel('Seed').inputValue()).toBe('7');
  await expect.poll(() => other.getByLabel('Layers (0 is the embedding layer)').inputValue()).toBe('0 2');
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => page.getByLabel('Queries', { exact: true }).inputValue()).toBe('50');
});

test.each([
  ['#/layers?spec=%7B', 'not whole'],
  ['#/layers?spec=%7B%22seed%22%3A-1%7D', 'field "seed"'],
  ['#/layers?spec=%7B%22sed%22%3A1%7D', 'has no field "sed"'],
])('a broken link %s says what is wrong', async (hash, words) => {
  const { page } = await lab.open(hash);
  await page.getByRole('alert').filter({ hasText: words }).waitFor();
});

test('a field that cannot be taken says so and changes nothing', async () => {
  const { page } = await lab.open(linkTo());
  const link = page.url();
  await page.getByLabel('Documents', { exact: true }).fill('many');
  await page.getByText('Enter a whole number from 1, or nothing for all.').waitFor();
  await page.getByLabel('Cross encoder', { exact: true }).fill('somewhere');
  await page.getByText('Write bundled:NAME or hub:OWNER/NAME@REVISION').waitFor();
  expect(page.url()).toBe(link);
});
