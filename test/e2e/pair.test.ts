import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from './support/axe.ts';
import { root, scratchFolder } from './support/commandLine.ts';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();
const scratch = scratchFolder();

/** What a button saves, as text. */
async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return readFileSync(await download.path(), 'utf8');
}

const allRead = (page: Page): Promise<void> => page.getByText('Change of each layer’s cosine').waitFor();

test('a pair is opened from a search, kept as pictures and figures, and found again by its address', async () => {
  const { page, faults } = await lab.open('#/explore?q=programming+language', {
    ready: 'Embed all 3000 documents',
    colorScheme: 'light',
  });
  await page.getByText(/^Answered in/).waitFor();
  await page.locator('.hit-inspect').first().click();
  await allRead(page);
  await expect
    .poll(() => page.getByLabel('Query', { exact: true }).inputValue())
    .toBe('programming language');
  await page.getByLabel('Layer of tokens and attention').selectOption('2');
  await page.getByLabel('Join word pieces to words').check();
  const link = page.url();
  expect(new URL(link).hash).toContain('tab=pair');

  const words = page.getByRole('figure', { name: 'Which words are alike, layer 2' });
  const csv = await saved(page, () => words.getByRole('button', { name: 'CSV' }).click());
  const cells = csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => /^\d+,(CE|DE),.*,([^,]*)$/.exec(line)!);
  const heading = await words.getByRole('heading', { name: /^Cross encoder \(CE\), MaxSim/ }).innerText();
  const sum = cells.filter(([, model]) => model === 'CE').reduce((total, cell) => total + Number(cell[2]), 0);
  expect(Math.abs(sum - Number(heading.split('MaxSim ')[1]))).toBeLessThan(0.0005 + 1e-5);

  const sheet = await saved(page, () => page.getByRole('button', { name: 'All in one as SVG' }).click());
  // The lab's own policy lets no script parse what it did not make.
  const plain = await page.context().newPage();
  const read = await plain.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      broken: parsed.querySelector('parsererror') !== null,
      names: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
      shades: parsed.querySelectorAll('path[fill-opacity]').length,
      variables: text.includes('var(--'),
    };
  }, sheet);
  await plain.close();
  expect(read).toMatchObject({ broken: false, variables: false });
  for (const name of [
    'How alike the texts are, layer by layer',
    'Which words are alike, layer 2',
    'Where the CE looks across the texts',
    'Which words matter',
    'attention that crosses, mean of both ways',
  ]) {
    expect(read.names).toContain(name);
  }
  expect(read.shades).toBeGreaterThan(20);

  expect(await axeViolations(page)).toEqual([]);
  await page.goBack();
  await expect.poll(() => page.getByLabel('Join word pieces to words').isChecked()).toBe(false);
  expect(faults).toEqual([]);

  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  // A new address behind the # alone would not load the page anew.
  await page.goto('about:blank');
  await page.goto(link);
  await allRead(page);
  await expect.poll(() => page.getByLabel('Layer of tokens and attention').inputValue()).toBe('2');
  await expect.poll(() => page.getByLabel('Join word pieces to words').isChecked()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole('region', { name: /^How much crosses/ }).press('ArrowDown');
  await page.getByText(/^layer 1 and head 1: \d/).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  await page.getByLabel('Query', { exact: true }).fill('🙂🙂');
  await page.getByText('The query has no words to leave out, only signs.').waitFor();
  await page
    .getByText(/vocabulary knows no token of the query/)
    .first()
    .waitFor();
  await page.getByLabel('Query', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Take an example' }).waitFor();
  expect(faults).toEqual([]);
});

/** A CE whose export fuses attention, with a tokenizer of letters, as its 60 embeddings allow. */
function fusedModel(): string {
  const folder = join(scratch, 'fused-ce');
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const graphs = join(root, 'test/reference/graphs');
  cpSync(join(graphs, 'bert.json'), join(folder, 'config.json'));
  cpSync(join(graphs, 'bert-O2.onnx'), join(folder, 'onnx/model.onnx'));
  cpSync(join(graphs, 'shared.data'), join(folder, 'onnx/shared.data'));
  const whole = JSON.parse(
    readFileSync(join(root, 'public/models/mini-ce/tokenizer.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>> & { readonly model: object };
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const tokens = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    ...letters,
    ...letters.map((one) => `##${one}`),
  ];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  writeFileSync(
    join(folder, 'tokenizer.json'),
    JSON.stringify({ ...whole, model: { ...whole.model, vocab } }),
  );
  return folder;
}

function ownCollection(): string {
  const folder = join(scratch, 'animals');
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  const texts = ['Cats sleep most of the day.', 'Ships cross the sea.', 'Bread is baked in an oven.'];
  const corpus = texts.map((text, at) => JSON.stringify({ _id: `d${at}`, text }));
  writeFileSync(join(folder, 'corpus.jsonl'), `${corpus.join('\n')}\n`);
  writeFileSync(join(folder, 'queries.jsonl'), `${JSON.stringify({ _id: 'q', text: 'sleeping cats' })}\n`);
  writeFileSync(join(folder, 'qrels/test.tsv'), 'query-id\tcorpus-id\tscore\nq\td0\t1\n');
  return folder;
}

/** What the address of a picture's frame is, which its snippet holds. */
async function frameOf(page: Page, figure: string): Promise<string> {
  const picture = page.getByRole('figure', { name: figure });
  await picture.locator('.embed-snippet > summary').click();
  const snippet = await picture.getByLabel('HTML of a frame with this picture').inputValue();
  return /src="([^"]+)"/.exec(snippet)![1]!.replaceAll('&amp;', '&');
}

test('a model of one’s own without attention says so; ranks in one’s own collection travel in a frame’s address', async () => {
  const { page, faults } = await lab.open('#/layers', { colorScheme: 'light' });
  const folder = page.getByLabel('Choose a folder');
  await folder.setInputFiles(fusedModel());
  await page.getByText(/^fused-ce: BertForSequenceClassification, 2 layers of 32/).waitFor();
  await folder.setInputFiles(ownCollection());
  await page.getByText(/^animals: a collection in BEIR layout/).waitFor();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Explore' }).click();
  await page.getByLabel('Collection', { exact: true }).selectOption('folder:animals');
  await page.getByText('All 3 documents of animals are searched.').waitFor();
  await page.getByLabel('Query', { exact: true }).fill('ships at sea');
  await page.getByText(/^Answered in/).waitFor();
  const frame = await frameOf(page, 'Where documents stand, layer by layer');

  await page.getByRole('tab', { name: 'A pair' }).click();
  await page.getByRole('button', { name: 'Take an example' }).click();
  await page
    .getByText(/^Attention is not there: this export computes attention in one fused operator/)
    .waitFor();
  await allRead(page);
  const pairFrame = await frameOf(page, 'Which tokens are alike, layer 1');
  expect(await page.getByRole('figure', { name: 'How alike the texts are' }).count()).toBe(1);
  expect(await page.getByText(/^Logit -?\d/).count()).toBe(1);
  expect(await axeViolations(page)).toEqual([]);
  expect(faults).toEqual([]);

  // Elsewhere there is neither the model nor the collection.
  const other = await lab.open('#/layers', { colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  await other.page.goto('about:blank');
  await other.page.goto(frame);
  await other.page.getByText(/^Query: “ships at sea”. Ranks among 3 documents, as whoever made/).waitFor();
  await other.page.getByText('Ships cross the sea.').first().waitFor();
  expect(await other.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await other.page.goto('about:blank');
  await other.page.goto(pairFrame);
  await other.page
    .getByText(/^Query: “a tool that compresses files”.* Figures of folder:fused-ce and bundled:mini-de/)
    .waitFor();
  expect(
    await other.page.getByRole('heading', { name: /^(Cross|Dual) encoder \((CE|DE)\), MaxSim/ }).count(),
  ).toBe(2);
  expect(await other.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await other.page.goto('about:blank');
  await other.page.goto(frame.replace(/\w{9}$/, ''));
  await other.page.getByText('copy the snippet again').waitFor();
  expect(other.faults).toEqual([]);
});
