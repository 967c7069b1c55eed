import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { parseSpec } from '../../src/lab/spec/parse.ts';
import { labBrowser, work } from './support/page.ts';

const lab = labBrowser();

async function standIn(page: Page): Promise<void> {
  await page.getByLabel(/^Offline stand-in/).check();
}

test('the paper’s figures cost what is said before anything is fetched', async () => {
  const { page, context, faults } = await lab.open('#/reproduce');
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  await page.getByText('12 runs remain.').waitFor();
  await page.getByText(/Models download up to 267.0 MB/).waitFor();
  await page.getByText(/It takes about .* at the pace of the stored run/).waitFor();
  expect(await page.locator('.queue tbody tr').count()).toBe(12);
  // The one that the hub has not.
  await page.getByText('needs its files, below').waitFor();
  await page.getByText('Drop the files of zeshel/test here').waitFor();
  await page.getByLabel(/^Figure 5/).check();
  await page.getByText(/Models download up to 3.08 GB/).waitFor();
  await page.getByLabel(/^Table 1/).check();
  await page.getByText('13 runs remain.').waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save spec.json' }).click(),
  ]);
  const spec = parseSpec(JSON.parse(readFileSync(await saved.path(), 'utf8')));
  expect([spec.train.length, spec.datasets.length]).toEqual([2, 12]);
  expect(asked.filter((url) => url.includes('huggingface'))).toEqual([]);
  expect(faults).toEqual([]);
});

test('what is done outlasts a reload, and a bundle of it is shown, checked and run again', async () => {
  const { page, faults } = await lab.open('#/reproduce');
  await standIn(page);
  await page.getByText('say nothing of the paper’s figures').waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('1 of 4 done.').waitFor({ timeout: work });
  // Stopped in the middle, the rest remains.
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Run what remains' }).waitFor({ timeout: work });
  await page.reload();
  await standIn(page);
  await page.getByText(/^[1-3] of 4 done\./).waitFor();
  await page.getByRole('button', { name: 'Run what remains' }).click();
  await page.getByText('4 of 4 done.').waitFor({ timeout: work });
  await page.getByRole('heading', { name: 'Figure 3, ours (stand-in, not the paper’s models)' }).waitFor();
  expect(await page.locator('.panel svg.recharts-surface').count()).toBe(5);
  await page.getByText('29.5 %').first().waitFor();

  // Figure 4 is another view of the same run.
  await page.getByLabel(/^Figure 4/).check();
  await page.getByText('4 of 4 done.').waitFor();
  await page.getByRole('heading', { name: 'Hits@10 relative to the DE’s final layer' }).waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save bundle' }).click(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'layerlab-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'bundle.zip');
  await download.saveAs(file);
  const chosen = page.getByLabel('Choose files');
  await chosen.setInputFiles(file);
  // Seven layers of two models on four collections, two figures each.
  await page.getByText(/^✓ Whole: \d+ files have the hashes it gives, and 112 figures follow/).waitFor();
  await page.getByRole('button', { name: 'Run it again here' }).click();
  await page.getByText('4 of 4 run again here: all 112 figures are the same.').waitFor({ timeout: work });
  await page.getByRole('button', { name: 'Close the bundle' }).click();

  const entries = unzipSync(readFileSync(file));
  const [run] = Object.keys(entries).filter((path) => path.includes('ce-layer-0'));
  delete entries[run!];
  writeFileSync(file, zipSync(entries));
  await chosen.setInputFiles(file);
  await page.getByText(/ce-layer-0\.retrieve\.trec\.gz is missing/).waitFor();
  expect(faults).toEqual([]);
});

test('a file that is no bundle is refused in a sentence', async () => {
  const { page } = await lab.open('#/reproduce');
  await page
    .getByRole('region', { name: 'Open a bundle' })
    .getByLabel('Choose files')
    .setInputFiles({
      name: 'notes.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('no zip'),
    });
  await page.getByText(/notes\.zip: is no \.zip file, or was cut off/).waitFor();
});

test('models trained for Table 1 serve the collections that are run after a reload', async () => {
  const { page } = await lab.open('#/reproduce');
  const choose = async (): Promise<void> => {
    await standIn(page);
    await page.getByLabel(/^Table 1/).check();
  };
  await choose();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/^[1-5] of 5 done\./).waitFor({ timeout: work });
  await page.reload();
  await choose();
  await page.getByRole('heading', { name: 'Training of DE-2 CE and DE-2 Rand' }).waitFor();
  await page.getByRole('button', { name: 'Run what remains' }).click();
  await page.getByText(/^[2-5] of 5 done\./).waitFor({ timeout: work });
  await page.getByRole('heading', { name: 'Retrieve and rerank', exact: true }).waitFor();
  await page.getByRole('button', { name: /^Hits@10 DE-2 CE \+ rerank/ }).waitFor();
});
