import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { readReport } from '../../src/lab/report/read.ts';
import { parseSpec } from '../../src/lab/spec/parse.ts';
import { isWellFormed } from './support/isWellFormed.ts';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();

async function saved(
  page: Page,
  button: string,
  within?: Locator,
): Promise<{ name: string; path: string; text: string }> {
  const scope = within ?? page;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    scope.getByRole('button', { name: button, exact: true }).click(),
  ]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, text: readFileSync(path, 'utf8') };
}

test('charts are kept as SVG with a legend of their own, and as PNG', async () => {
  const { page, faults } = await lab.open();
  await page.locator('.figure svg.recharts-surface').first().waitFor();
  const svg = await saved(page, 'SVG', page.locator('.figure').first());
  expect(svg.name).toBe('hits-10-by-layer.svg');
  for (const words of [
    'Cross encoder (CE)',
    'Dual encoder (DE)',
    'DE, final layer',
    'Average of 4 collections',
  ])
    expect(svg.text).toContain(words);
  // Nothing of it depends on the page's stylesheet.
  expect(svg.text).not.toMatch(/var\(--|class="/);
  expect(await isWellFormed(page.context(), svg.text)).toBe(true);

  const png = await saved(page, 'PNG', page.locator('.figure').first());
  const bytes = readFileSync(png.path);
  expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  expect(bytes.readUInt32BE(16)).toBeGreaterThan(1000);
  expect(faults).toEqual([]);
});

test('tables are kept as CSV, Markdown and LaTeX, and a report can be saved and opened again', async () => {
  const { page } = await lab.open();
  // The table of how the DE was trained stands on the page too.
  const table = page
    .locator('.data-table')
    .filter({ has: page.getByText('Hits@10 by layer', { exact: true }) });
  await table.waitFor();
  const csv = (await saved(page, 'CSV', table)).text.split('\r\n');
  expect(csv[0]).toContain('hits@10,hits@10 low,hits@10 high');
  // A header, then two models of seven layers on four collections.
  expect(csv.filter((line) => line !== '')).toHaveLength(1 + 2 * 7 * 4);
  expect((await saved(page, 'Markdown', table)).text).toContain('| average | CE |');
  expect((await saved(page, 'LaTeX', table)).text).toContain('\\begin{tabular}');
  const report = await saved(page, 'Save report.json');
  expect(readReport(report.text, 'report.json').layerwise).toHaveLength(56);
  expect(parseSpec(JSON.parse((await saved(page, 'Save spec.json')).text)).seed).toBe(1);

  await page.getByLabel('Open a report').setInputFiles(report.path);
  await page.getByRole('heading', { name: 'Opened report' }).waitFor();
  await page
    .getByLabel('Open a report')
    .setInputFiles({ name: 'wrong.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page
    .getByRole('alert')
    .filter({ hasText: 'wrong.json, field "environment": is not a report of this lab' })
    .waitFor();
});
