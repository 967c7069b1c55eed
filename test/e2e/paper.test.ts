import { expect, test } from 'vitest';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();

test('the paper’s table stands as printed, and each claim opens to its arithmetic', async () => {
  const { page, faults } = await lab.open('#/paper', { ready: 'Skip to the lab' });
  const rows = page.locator('.table-one tbody tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(12);
  expect(await rows.first().locator('td, th').allTextContents()).toEqual([
    'msmarco/dev/small',
    ...['0.59', '0.37', '0.45', '0.32', '0.19', '0.24', '0.66', '0.59', '0.38', '0.35'],
    '5.1×',
  ]);
  expect(await page.getByRole('heading', { name: 'Table 1 the paper’s' }).count()).toBe(1);

  const claim = page.getByRole('article').filter({ hasText: 'a mean MRR@10 of 0.54' });
  expect(await claim.locator('.verdict').allTextContents()).toEqual(['✗ does not follow']);
  await claim.getByText('The arithmetic').click();
  await claim.getByText('0.5308', { exact: true }).waitFor();
  expect(await claim.locator('tbody tr').count()).toBe(12);

  const within = page.getByRole('article').filter({ hasText: 'within 1 % of the baseline on 6 of 12' });
  expect(await within.locator('.verdict').allTextContents()).toEqual(['✓ follows', 'rounding decides']);
  await page.getByText('trying to prove the null hypothesis').waitFor();
  expect(faults).toEqual([]);
});

test('the page needs no sideways scrolling at 360 pixels', async () => {
  const { page } = await lab.open('#/paper', {
    ready: 'Skip to the lab',
    viewport: { width: 360, height: 740 },
  });
  await page.locator('.table-one').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
