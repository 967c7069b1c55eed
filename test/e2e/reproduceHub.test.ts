import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub/server.ts';
import { parquet } from '../support/parquet.ts';
import { inPlaceOfTheHub } from './support/hub.ts';
import { labBrowser, work } from './support/page.ts';

const lab = labBrowser();

/** The bundled models under the paper's names: the right files for the page, and quick. */
function modelFiles(name: string): Record<string, Uint8Array> {
  const folder = fileURLToPath(new URL(`../../public/models/${name}`, import.meta.url));
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

const numbers = Array.from({ length: 60 }, (_, at) => at);
const stsb = parquet({
  sentence1: numbers.map((n) => `A plane number ${n} takes off from field ${n % 9}.`),
  sentence2: numbers.map((n) => `An air plane, ${n}, is taking off at field ${n % 9}.`),
  score: numbers.map((n) => (n % 4 === 0 ? 0.2 : 0.9)),
});

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    models: {
      'cross-encoder/ms-marco-MiniLM-L-12-v2': modelFiles('mini-ce'),
      'sentence-transformers/msmarco-MiniLM-L-12-v3': modelFiles('mini-de'),
    },
    datasets: { 'sentence-transformers/stsb': { 'data/train-00000-of-00001.parquet': stsb } },
  });
});
afterAll(() => hub.close());

test('collections that fail say why, those that are there stand beside the paper’s', async () => {
  const { page, context } = await lab.open('#/reproduce');
  await inPlaceOfTheHub(context, hub);
  const row = (name: string) => page.locator('.queue tbody tr').filter({ hasText: name });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  // Of the first three the test's hub has none.
  await page.getByText('3 runs in a row failed').waitFor({ timeout: work });
  await row('beir/quora/dev')
    .getByText(/^failed: .*BeIR\/quora/)
    .waitFor();
  await row('stsb/train').getByText('to do').waitFor();

  // Those that failed come last now.
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await row('stsb/train').getByText('✓ done').waitFor({ timeout: work });
  await page.getByRole('button', { name: 'Run what remains' }).waitFor({ timeout: work });
  await page.getByText('1 of 12 done.').waitFor();
  // Pairs scored above 0.5 are queries.
  const asQueries = numbers.filter((n) => n % 4 !== 0).length;
  expect(await row('stsb/train').locator('td.number').first().textContent()).toBe(String(asQueries));
  await page.getByRole('heading', { name: 'Figure 3, ours', exact: true }).waitFor();
  await page
    .getByRole('row', { name: /^CE is under 30 % of the DE’s final layer \d of 1 2 of 10$/ })
    .waitFor();

  await page.reload();
  await page.getByText('1 of 12 done.').waitFor();
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByText('0 of 12 done.').waitFor();
});
