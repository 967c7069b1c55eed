import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { readReport } from '../../src/lab/report/read.ts';
import { finished, labBrowser, linkTo, work } from './support/page.ts';

const lab = labBrowser();

function comparing(systems: readonly string[], speed = false, ce?: string): string {
  const link = linkTo((spec) => ({
    ...spec,
    models: ce ? { ...spec.models, ce: { ...spec.models.ce, source: ce } } : spec.models,
    compare: { enabled: true, rerankDepth: 10, systems: [...systems], speed },
  }));
  return link.replace('#/layers', '#/compare');
}

async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await finished(page).waitFor({ timeout: work });
}

test('a first visit shows the stored comparison, marked so', async () => {
  const { page, faults } = await lab.open('#/compare', { ready: 'Compare' });
  await page.getByRole('heading', { name: 'Stored comparison' }).waitFor();
  const { comparison } = readReport(
    readFileSync('public/stored/small-model.json', 'utf8'),
    'small-model.json',
  );
  const table = page.getByRole('region', { name: 'Retrieve and rerank, table' });
  const [first] = comparison;
  expect(await table.locator('tbody tr').first().innerText()).toContain(
    first!.metrics['hits@10']!.toFixed(3),
  );
  await page.getByText('Press Compare to look behind the figures').waitFor();
  expect(faults).toEqual([]);
});

test('one press retrieves, reranks, times and tests; a figure opens to its queries', async () => {
  const { page, faults } = await lab.open(comparing(['baseline', 'ce-layer-1', 'bm25'], true), {
    ready: 'Compare',
  });
  // Cut off, it goes on where it was, whatever the settings are by then.
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  // From the first stage on the run is noted.
  await page.getByText(/^Searching by baseline/).waitFor({ timeout: work });
  await page.goto('about:blank');
  await page.goto(`${inject('baseUrl')}${comparing(['bm25'])}`);
  await page.getByText(/ was cut off: Baseline, CE layer 1, BM25 on 2 collections\./).waitFor();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await finished(page).waitFor({ timeout: work });
  expect(await page.getByText(/ was cut off: /).count()).toBe(0);
  await page.getByText('Computed in this browser, ').waitFor();
  const table = page.getByRole('region', { name: 'Retrieve and rerank, table' });
  // A row a collection and the mean; a name, two metrics of three systems at two stages, and two speedups.
  expect(await table.locator('tbody tr').count()).toBe(3);
  expect(await table.locator('thead tr:last-child th').count()).toBe(1 + 2 * 3 * 2 + 2);

  await page.getByRole('group', { name: 'Systems' }).first().getByLabel('BM25').uncheck();
  await page.getByLabel('nDCG@10').check();
  await expect.poll(() => table.locator('thead tr:last-child th').count()).toBe(1 + 3 * 2 * 2 + 2);

  const names = async (): Promise<string[]> => await table.locator('tbody th').allInnerTexts();
  const given = await names();
  await table.getByRole('button', { name: 'collection' }).click();
  await expect.poll(names).toEqual([...given.slice(0, 2).sort().reverse(), 'mean']);

  await table.locator('tbody tr').first().locator('button.cell').nth(1).click();
  await page.getByText(/where CE layer 1 and Baseline differ/).waitFor();
  await page.getByText(/quer(y|ies), \d+ better answered by CE layer 1/).waitFor();
  await page.locator('.differences summary').first().click();
  await page.getByRole('heading', { name: 'CE layer 1, retrieve + rerank' }).waitFor();
  await page.getByRole('heading', { name: 'Encoding speed and size' }).waitFor();
  await page.getByRole('heading', { name: 'Are the differences significant?' }).waitFor();

  const [zip] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save TREC run and qrels files' }).click(),
  ]);
  const saved = readFileSync(await zip.path(), 'latin1');
  for (const path of ['qrels/foldoc.trec', 'runs/foldoc/bm25.retrieve+rerank.trec'])
    expect(saved).toContain(`comparison/${path}`);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.data-table').first().getByRole('button', { name: 'LaTeX' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/\\textbf\{0\.\d{3}\}/);
  expect(faults).toEqual([]);
});

test('a DE given as reranker is one sentence, and what was retrieved stays', async () => {
  const { page } = await lab.open(comparing(['baseline', 'bm25'], false, 'bundled:mini-de'), {
    ready: 'Compare',
  });
  await compare(page);
  await page
    .getByText(/The reranker failed and is left out: .*mini-de.* without a head; rerank with a cross encoder/)
    .waitFor();
  await page.getByText('Computed in this browser, ').waitFor();
});

test('a run file is dropped and compared; one of another collection says so', async () => {
  const { page } = await lab.open(comparing(['baseline']), { ready: 'Compare' });
  const choose = page
    .getByRole('region', { name: 'Drop a model folder or a TREC run file' })
    .locator('input[type=file]')
    .first();
  await choose.setInputFiles({
    name: 'other.trec',
    mimeType: 'text/plain',
    buffer: Buffer.from('nowhere Q0 d0 1 9.5 other\n'),
  });
  await page.getByRole('button', { name: 'Leave out other.trec' }).waitFor();
  await compare(page);
  await page.getByText(/run:other\.trec failed and is left out: other\.trec: ranks no query of/).waitFor();
});
