import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { labBrowser, linkTo, type OpenLab, run } from './support/page.ts';

const lab = labBrowser();
const scratch = mkdtempSync(join(tmpdir(), 'layerlab-own-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;

function folder(name: string, files: Files): string {
  const root = join(scratch, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const lines = (...records: readonly object[]): string =>
  `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
const corpus = lines(
  { _id: 'd1', title: 'Cats', text: 'Cats sleep most of the day.' },
  { _id: 'd2', text: 'Ships cross the sea.' },
  { _id: 'd3', text: 'Bread is baked in an oven.' },
);
const queries = lines({ _id: 'q1', text: 'sleeping animals' }, { _id: 'q2', text: 'how is bread made' });
const qrels = 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t1\n';
const beir: Files = { 'corpus.jsonl': corpus, 'queries.jsonl': queries, 'qrels/test.tsv': qrels };

async function chooseFolder(page: Page, path: string): Promise<void> {
  await page.getByLabel('Choose a folder').setInputFiles(path);
}

async function chooseFile(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  await page
    .getByLabel('Choose files')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
}

/** Lets files fall on the page, as the mouse would. */
async function drop(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, content] of Object.entries(given)) data.items.add(new File([content], name));
    return data;
  }, files);
  await page.locator('.file-drop').dispatchEvent('drop', { dataTransfer: transfer });
}

/** One page for the tests that leave nothing behind but what the next one replaces. */
let opened: Promise<OpenLab> | undefined;
function onePage(): Promise<OpenLab> {
  opened ??= lab.open(linkTo());
  return opened;
}

test('a BEIR folder is previewed, then run', async () => {
  const { page, faults } = await lab.open(linkTo());
  await chooseFolder(page, folder('animals', beir));
  await page
    .getByText('animals: a collection in BEIR layout, which makes 2 queries over 3 documents.')
    .waitFor();
  await page.getByText('What was understood').click();
  await page.getByText('Cats Cats sleep most of the day.').waitFor();
  await run(page);
  expect(await page.locator('.data-table tbody').innerText()).toContain('animals');
  expect(faults).toEqual([]);
});

test('files let fall together are a collection, and pairs are one by themselves', async () => {
  const { page } = await lab.open(linkTo());
  await drop(page, { 'corpus.jsonl': corpus, 'queries.jsonl': queries, 'test.tsv': qrels });
  await page.getByText('my-collection: a collection in BEIR layout').waitFor();
  await drop(page, { 'pairs.csv': 'query,positive\n"a, b",first document\nc,second document\n' });
  await page.getByText('pairs: 2 pairs (query from query, document from positive)').waitFor();
  await drop(page, { 'triplets.tsv': 'a\tfits a\tdoes not\nb\tfits b\tdoes not\n' });
  await page.getByText('triplets: 2 triplets').waitFor();
});

test('a model folder is taken for what its configuration says', async () => {
  const { page } = await lab.open(linkTo());
  await chooseFolder(page, fileURLToPath(new URL('../../public/models/mini-ce', import.meta.url)));
  await page.getByText('mini-ce: BertForSequenceClassification, 6 layers of 128').waitFor();
  await expect
    .poll(() => page.getByLabel('Cross encoder', { exact: true }).inputValue())
    .toBe('folder:mini-ce');
  await run(page);
});

const without = (name: string): Files =>
  Object.fromEntries(Object.entries(beir).filter(([path]) => path !== name));
const notUtf8 = Buffer.from(corpus).fill(0xff, 5, 6);
const long = Buffer.alloc(50 * 2 ** 20, 'a');

const badFolders: readonly (readonly [string, Files, RegExp])[] = [
  ['a missing corpus', without('corpus.jsonl'), /has no corpus\.jsonl/],
  ['missing queries', without('queries.jsonl'), /has no queries\.jsonl/],
  ['missing qrels', without('qrels/test.tsv'), /has no qrels\/test\.tsv/],
  [
    'a line that is not JSON',
    { ...beir, 'corpus.jsonl': `${corpus}{"_id": ` },
    /corpus\.jsonl, line 4: is not JSON/,
  ],
  ['a file that is not UTF-8', { ...beir, 'corpus.jsonl': notUtf8 }, /corpus\.jsonl, line 1: is not UTF-8/],
  [
    'a wrong column count',
    { ...beir, 'qrels/test.tsv': `${qrels}q1\td1\n` },
    /qrels\/test\.tsv, line 4: has 2 columns/,
  ],
  ['an empty file', { ...beir, 'corpus.jsonl': '' }, /corpus\.jsonl: is empty/],
  [
    'only queries without a relevant document',
    { ...beir, 'qrels/test.tsv': 'q1\td1\t0\n' },
    /qrels\/test\.tsv: gives no query a relevant document/,
  ],
  ['a 50 MB line', { ...beir, 'corpus.jsonl': long }, /corpus\.jsonl, line 1: is longer than 16 MiB/],
];

test.each(badFolders)('%s is said with file and line, and the page lives on', async (name, files, words) => {
  const { page } = await onePage();
  const bad = name.replaceAll(' ', '-');
  await chooseFolder(page, folder(bad, files));
  await page.getByRole('alert').filter({ hasText: words }).waitFor();
  await chooseFolder(page, folder(`good-after-${bad}`, beir));
  await page.getByText(`good-after-${bad}: a collection in BEIR layout`).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

const faultyFolders: readonly (readonly [string, Files, string])[] = [
  [
    'a query without a relevant document',
    { ...beir, 'queries.jsonl': `${queries}${lines({ _id: 'q3', text: 'nothing fits' })}` },
    'Queries without a relevant document in this split, not measured: 1 (queries.jsonl, line 3, "q3").',
  ],
  [
    'a judgement of a document that is nowhere',
    { ...beir, 'qrels/test.tsv': `${qrels}q1\td9\t1\n` },
    'Judgements of documents that are not there or have no text, left out: 1 (qrels/test.tsv, line 4, "d9").',
  ],
  [
    'an id of two texts',
    { ...beir, 'corpus.jsonl': `${corpus}${lines({ _id: 'd2', text: 'again' })}` },
    'Documents with the id of one before and another text, left out: 1 (corpus.jsonl, line 4, "d2").',
  ],
  [
    'an empty text',
    { ...beir, 'queries.jsonl': `${queries}${lines({ _id: 'q3', text: ' ' })}` },
    'Queries without a text, left out: 1 (queries.jsonl, line 3, "q3").',
  ],
];

test.each(faultyFolders)(
  '%s is left out with a warning that names its line',
  async (name, files, warning) => {
    const { page } = await lab.open(linkTo());
    await chooseFolder(page, folder(name.replaceAll(' ', '-'), files));
    await page.getByText(warning).waitFor();
  },
);

test.each([
  ['rows.tsv', 'a\tb\na\tb\tc\td\n', /rows\.tsv, line 2: has 4 columns where the first line has 2/],
  ['open.csv', 'query,positive\n"a,b\n', /open\.csv, line 2: has a quotation mark that is not closed/],
  ['empty.jsonl', '', /empty\.jsonl: is empty/],
  ['odd.jsonl', '{"x":1}\n', /odd\.jsonl, line 1: has the fields "x"/],
  ['picture.png', 'x', /is of no kind that the lab reads/],
])('%s is refused in one sentence', async (name, content, words) => {
  const { page } = await onePage();
  await chooseFile(page, name, content);
  await page.getByRole('alert').filter({ hasText: words }).waitFor();
});
