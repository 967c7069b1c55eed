import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readReport } from '../../src/lab/report/read.ts';
import { defaultSpec } from '../../src/lab/spec/defaults.ts';
import { toPermalink } from '../../src/lab/spec/permalink.ts';
import { finished, labBrowser, linkTo, run, work } from './support/page.ts';

const lab = labBrowser();

/** More than a megabyte of embeddings. */
const oneLarge = defaultSpec(50, 200).datasets.slice(0, 1);

test('a run is cancelled half-way, and the next goes on from what was embedded', async () => {
  const whole = defaultSpec(100, 600);
  const { page, context, faults } = await lab.open(
    `#/layers?${new URLSearchParams({ spec: toPermalink({ ...whole, datasets: whole.datasets.slice(0, 1) }) })}`,
  );
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/CE: debian-packages ([1-9]\d\d) of 700 texts/).waitFor({ timeout: work });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled. What was embedded is stored').waitFor();
  await page
    .getByText(/\d+ texts, .* (kB|MB)/)
    .first()
    .waitFor();

  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText(/CE: .*, \d+ from the store/).waitFor({ timeout: work });
  await finished(page).waitFor({ timeout: work });
  // What is kept is noted once the run has ended; cleared before that, nothing would be missed.
  await page.getByText(/\S+ [kM]B in 2 files/).waitFor();

  // As a browser clears what it keeps when disk space runs short.
  const { origin } = new URL(page.url());
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'file_systems,cache_storage,indexeddb',
  });
  await page.reload();
  const cleared = page.getByText(/^This browser has cleared what the lab kept here on .*: embeddings \(/);
  await cleared.waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await cleared.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('Nothing is stored.').waitFor();
  expect(await cleared.count()).toBe(0);
  expect(faults).toEqual([]);
});

test('where storage is full, that is said once, the whole result is there to save, and the next run is foretold', async () => {
  const { page, faults } = await lab.open(linkTo((spec) => ({ ...spec, datasets: oneLarge })));
  // The copy for use without a network says in its own card what it would store.
  const runPanel = page.getByRole('region', { name: 'Run', exact: true });
  await runPanel.getByText(/^Stores up to \d+\.\d MB of the .* that this browser grants\.$/).waitFor();
  // Chromium tells a page of more storage than it gives, and of a profile in memory loses what does not fit.
  const [worker] = page.workers();
  await worker?.evaluate(() => {
    FileSystemSyncAccessHandle.prototype.write = () => {
      throw new DOMException('No space available for this operation', 'QuotaExceededError');
    };
    navigator.storage.estimate = () => Promise.resolve({ quota: 500_000, usage: 0 });
  });
  await run(page);
  expect(
    await page.getByText(/^The storage that the browser allows is full; .* no more embeddings/).count(),
  ).toBe(1);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save report.json' }).click(),
  ]);
  const report = readReport(readFileSync(await saved.path(), 'utf8'), 'report.json');
  expect(new Set(report.layerwise.map(({ model, layer }) => `${model} ${layer}`)).size).toBe(14);
  await runPanel
    .getByText(/are to be stored, .* more than this browser grants\. What does not fit/)
    .waitFor();
  expect(faults).toEqual([]);
});

test('after a reload nothing is embedded again, the numbers are the same, and the store can be cleared', async () => {
  const { page } = await lab.open(linkTo());
  await run(page);
  const first = await page.locator('.data-table tbody').innerText();
  await page.reload();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  await page.getByText(/in 2 files/).waitFor();
  await run(page);
  expect(await page.locator('.data-table tbody').innerText()).toBe(first);
  await page.getByText('How these numbers were made').click();
  expect(await page.locator('.facts').innerText()).toContain('0 texts computed');
  await page.getByRole('button', { name: 'Clear stored embeddings' }).click();
  await page.getByText('Nothing is stored.').waitFor();
});

test('asking for early layers only draws those', async () => {
  const { page } = await lab.open(
    linkTo((spec) => ({ ...spec, layerwise: { ...spec.layerwise, layers: [0, 1] } })),
  );
  await run(page);
  const head = await page.locator('.data-table thead th').allTextContents();
  expect(head.slice(4)).toEqual(['emb', '1']);
});

test('a model that is not there is said in one sentence, and the page lives on', async () => {
  const { page } = await lab.open(
    linkTo((spec) => ({
      ...spec,
      models: { ...spec.models, ce: { ...spec.models.ce, source: 'bundled:none' } },
    })),
  );
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'bundled:none/config.json is not there' }).waitFor();
  const source = page.getByLabel('Cross encoder', { exact: true });
  await source.fill('bundled:mini-ce');
  await source.press('Enter');
  await run(page);
});
