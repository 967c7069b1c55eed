import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parquet } from '../unit/data/hub/parquet.ts';
import { labBrowser, linkTo, run } from './support/page.ts';

const lab = labBrowser();
const axe = createRequire(import.meta.url).resolve('axe-core');
const hub = 'https://huggingface.co';

/** Puts data sets in the place of the hub's. @returns paths that were fetched */
async function serveHub(
  context: BrowserContext,
  repositories: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>,
): Promise<string[]> {
  const fetched: string[] = [];
  const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
  await context.route(`${hub}/**`, async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    if (request.method() === 'OPTIONS') return await route.fulfill({ status: 204, headers });
    fetched.push(pathname);
    const api = /^\/api\/datasets\/([^/]+\/[^/]+)\/(revision|tree)\//.exec(pathname);
    const file = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/c0ffee\/(.+)$/.exec(pathname);
    const files = repositories[api?.[1] ?? file?.[1] ?? ''];
    if (api && files) {
      const listed = Object.entries(files).map(([path, { length }]) => ({
        type: 'file',
        path,
        size: length,
      }));
      return await route.fulfill({ headers, json: api[2] === 'revision' ? { sha: 'c0ffee' } : listed });
    }
    const bytes = file ? files?.[file[2]!] : undefined;
    if (!bytes) return await route.fulfill({ status: 404, headers });
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers().range ?? '');
    return await route.fulfill(
      range
        ? { status: 206, headers, body: Buffer.from(bytes.slice(Number(range[1]), Number(range[2]) + 1)) }
        : { headers, body: Buffer.from(bytes) },
    );
  });
  return fetched;
}

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

test("one of the paper's collections is chosen, and nothing is fetched before the run", async () => {
  const { page, context, faults } = await lab.open(linkTo());
  const fetched = await serveHub(context, {
    'sentence-transformers/stsb': {
      'data/train-00000-of-00001.parquet': parquet({
        sentence1: texts('sentence'),
        sentence2: texts('phrase'),
        score: numbers.map((n) => (n % 4) / 3),
      }),
    },
  });
  await page.getByText('From the hub').click();
  const box = page.getByLabel('STS benchmark', { exact: true });
  await box.focus();
  await page.keyboard.press('Space');
  await page.getByText(/Collections of the hub are downloaded: about 471 kB/).waitFor();
  expect(fetched).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await run(page);
  expect(fetched.at(-1)).toBe(
    '/datasets/sentence-transformers/stsb/resolve/c0ffee/data/train-00000-of-00001.parquet',
  );
  await page.getByText('hub:sentence-transformers/stsb@c0ffee').first().waitFor({ state: 'attached' });
  expect(faults).toEqual([]);
});

test('another data set is looked into, its columns are chosen, and a wrong id is said', async () => {
  const { page, context } = await lab.open(linkTo());
  await serveHub(context, {
    'owner/name': {
      'a/train.parquet': parquet({ links: texts('left'), rechts: texts('right'), note: texts('note') }),
      'b/train.parquet': parquet({ question: texts('question'), answer: texts('answer') }),
    },
  });
  await page.getByText('From the hub').click();
  const id = page.getByLabel('Id on the hub');
  await id.fill('not an id');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('"not an id" is no id of a data set; write OWNER/NAME').waitFor();
  await id.fill('owner/nothing');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('hub:owner/nothing@main is not there').waitFor();
  await id.fill(`${hub}/datasets/owner/name`);
  await page.keyboard.press('Enter');
  await page.getByText('hub:owner/name@c0ffee: rows of 3 columns, 40 of them.').waitFor();
  await page.getByRole('cell', { name: 'left number 3 about 3' }).waitFor();
  await page.getByLabel('Subset').selectOption('b');
  await page.getByText('rows of 2 columns').waitFor();
  expect(await page.getByLabel('Document', { exact: true }).inputValue()).toBe('answer');
  await page.getByLabel('Subset').selectOption('a');
  await page.getByText('rows of 3 columns').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Query', { exact: true }).selectOption('rechts');
  await page.getByLabel('Document', { exact: true }).selectOption('links');
  await page.getByRole('button', { name: 'Add this collection' }).click();
  await page.getByRole('checkbox', { name: 'hub:owner/name@c0ffee' }).waitFor();
  expect(decodeURIComponent(page.url())).toContain(
    '"columns":{"query":"rechts","document":"links","subset":"a"}',
  );
  await run(page);
  await page.getByText('hub:owner/name@c0ffee').first().waitFor({ state: 'attached' });
});
