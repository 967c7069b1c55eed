import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { nanoBeirFiles } from '../support/hub/nanoBeir.ts';
import { startHub, type TestHub } from '../support/hub/server.ts';
import { parquet } from '../support/parquet.ts';
import { inPlaceOfTheHub } from './support/hub.ts';
import { labBrowser, linkTo, run } from './support/page.ts';

const lab = labBrowser();
const axe = createRequire(import.meta.url).resolve('axe-core');
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}

const numbers = Array.from({ length: 40 }, (_, at) => at);
const texts = (kind: string): string[] => numbers.map((n) => `${kind} number ${n} about ${n % 7}`);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    datasets: {
      'sentence-transformers/stsb': {
        'data/train-00000-of-00001.parquet': parquet({
          sentence1: texts('sentence'),
          sentence2: texts('phrase'),
          score: numbers.map((n) => (n % 4) / 3),
        }),
      },
      'sentence-transformers/NanoBEIR-en': nanoBeirFiles(),
      'owner/name': {
        'a/train.parquet': parquet({ links: texts('left'), rechts: texts('right'), note: texts('note') }),
        'b/train.parquet': parquet({ question: texts('question'), answer: texts('answer') }),
      },
    },
  });
});
afterAll(() => hub.close());
beforeEach(() => hub.setFaults([]));

test("one of the paper's collections is chosen, and nothing is fetched before the run", async () => {
  const { page, context, faults } = await lab.open(linkTo());
  await inPlaceOfTheHub(context, hub);
  await page.getByText('From the hub', { exact: true }).click();
  const box = page.getByLabel('STS benchmark', { exact: true });
  await box.focus();
  await page.keyboard.press('Space');
  await page.getByText(/Collections of the hub are downloaded: about 471 kB/).waitFor();
  expect(hub.requests).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await run(page);
  expect(hub.requests.filter(({ origin }) => origin === 'storage')).toHaveLength(1);
  const commit = hub.commitOf('datasets', 'sentence-transformers/stsb');
  await page.getByText(`hub:sentence-transformers/stsb@${commit}`).first().waitFor({ state: 'attached' });

  // Another day, without the hub.
  await page.reload();
  hub.setFaults([{ path: '', what: { type: 'status', status: 503 } }]);
  await run(page);
  expect(hub.requests.filter(({ path }) => !path.includes('/revision/'))).toEqual([]);
  await page.getByText(/The commit that main was on .* is kept here and is used/).waitFor();
  expect(faults).toEqual([]);
});

test('another data set is looked into, its columns are chosen, and a wrong id is said', async () => {
  const { page, context } = await lab.open(linkTo());
  await inPlaceOfTheHub(context, hub);
  const source = `hub:owner/name@${hub.commitOf('datasets', 'owner/name')}`;
  await page.getByText('From the hub', { exact: true }).click();
  const id = page.getByLabel('Id on the hub');
  await id.fill('not an id');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('"not an id" is no id of a data set; write OWNER/NAME').waitFor();
  await id.fill('owner/nothing');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('hub:owner/nothing@main is not there').waitFor();
  await id.fill('https://huggingface.co/datasets/owner/name');
  await page.keyboard.press('Enter');
  await page.getByText(`${source}: rows of 3 columns, 40 of them.`).waitFor();
  await page.getByRole('cell', { name: 'left number 3 about 3' }).waitFor();
  await page.getByLabel('Subset').selectOption('b');
  await page.getByText('rows of 2 columns').waitFor();
  await expect.poll(() => page.getByLabel('Document', { exact: true }).inputValue()).toBe('answer');
  await page.getByLabel('Subset').selectOption('a');
  await page.getByText('rows of 3 columns').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Query', { exact: true }).selectOption('rechts');
  await page.getByLabel('Document', { exact: true }).selectOption('links');
  await page.getByRole('button', { name: 'Add this collection' }).click();
  await page.getByRole('checkbox', { name: source }).waitFor();
  expect(decodeURIComponent(page.url())).toContain(
    '"columns":{"query":"rechts","document":"links","subset":"a"}',
  );
  await run(page);
  await page.getByText(source).first().waitFor({ state: 'attached' });
});

test('NanoBEIR is one choice: thirteen curves and their average, nDCG@10, results for MTEB', async () => {
  const { page, context, faults } = await lab.open(linkTo());
  await inPlaceOfTheHub(context, hub);
  await page.getByText('From the hub', { exact: true }).click();
  await page.getByLabel('NanoBEIR, 13 collections').check();
  for (const bundled of [/^FOLDOC/, /^Debian packages/, /^WordNet: word senses/, /^WordNet: usage/]) {
    const box = page.getByRole('checkbox', { name: bundled });
    if (await box.isChecked()) await box.uncheck();
  }
  expect(hub.requests).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await run(page);
  await page.getByRole('heading', { name: 'Average of 13 collections' }).first().waitFor();
  await page.getByRole('heading', { name: 'nDCG@10 on 13 of 13 collections of NanoBEIR' }).waitFor();
  const mean = page.getByRole('row', { name: /^mean / });
  expect(await mean.getByRole('cell').count()).toBeGreaterThan(10);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save results for MTEB' }).click();
  const entries = unzipSync(readFileSync(await (await saved).path()));
  const result = JSON.parse(
    strFromU8(entries['results/de-layer-6/no_revision_available/NanoArguAnaRetrieval.json']!),
  ) as { dataset_revision: string; scores: { train: { main_score: number; ndcg_at_10: number }[] } };
  expect(result.dataset_revision).toBe(hub.commitOf('datasets', 'sentence-transformers/NanoBEIR-en'));
  const [scores] = result.scores.train;
  expect(scores!.main_score).toBe(scores!.ndcg_at_10);
  // 13 collections by two models with seven layers each, and the table.
  expect(Object.keys(entries)).toHaveLength(13 * 14 + 1);
  expect(faults).toEqual([]);
});
