import { expect, inject, test } from 'vitest';
import { finished, labBrowser, work } from './support/page.ts';

const lab = labBrowser();

test('a first visit shows the stored result, and one click draws finished curves from nothing but its own origin', async () => {
  const { page, context, faults } = await lab.open();
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(inject('baseUrl')).origin)
      elsewhere.push(request.url());
  });
  await page.reload();
  await page.getByText('Stored, not computed in this browser').waitFor();
  await expect.poll(() => page.locator('.panel svg.recharts-surface').count()).toBeGreaterThan(4);
  await page.getByText(/^A sample of .* texts by both models, about .*; in full .* texts, about/).waitFor();

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('progressbar').waitFor();
  await finished(page).waitFor({ timeout: work });

  await page.getByText('Computed in this browser, a sample').waitFor();
  // Both models on the four collections and their average.
  expect(await page.locator('.data-table tbody tr').count()).toBe(10);
  const values = await page.locator('.data-table tbody tr:first-child td.number').allTextContents();
  expect(
    values
      .slice(2)
      .map(Number)
      .every((value) => value > 0 && value <= 1),
  ).toBe(true);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(elsewhere).toEqual([]);
  expect(faults).toEqual([]);
});

test('hovering a chart gives the numbers and the number of queries', async () => {
  const { page } = await lab.open();
  const chart = page.locator('.panel svg.recharts-surface').nth(1);
  await chart.waitFor();
  // Those that are still to be drawn would move this one.
  await expect.poll(() => page.locator('.panel-to-come').count()).toBe(0);
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5);
  const tooltip = page.locator('.chart-tooltip').filter({ hasText: '500 queries' }).first();
  await tooltip.waitFor();
  expect(await tooltip.textContent()).toMatch(/CE[\s\S]*0\.\d{3} \[0\.\d{3}, 0\.\d{3}\][\s\S]*DE/);
});
