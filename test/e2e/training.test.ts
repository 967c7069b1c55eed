import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TrainSpec, trainSchema } from '../../src/lab/spec/spec.ts';
import { finished, labBrowser, linkTo, work } from './support/page.ts';

const lab = labBrowser();

/** Seconds of training on a software adapter. */
function tiny(change: Partial<TrainSpec> = {}, names: readonly string[] = ['tiny']): string {
  const link = linkTo((spec) => ({
    ...spec,
    datasets: spec.datasets.slice(0, 1),
    layerwise: { ...spec.layerwise, layers: [0] },
    train: names.map((name) =>
      trainSchema.parse({
        name,
        data: ['bundled:foldoc'],
        negatives: 'none',
        steps: 6,
        batchSize: 3,
        maxLength: 12,
        learningRate: 1e-3,
        warmupSteps: 2,
        ...change,
      }),
    ),
  }));
  return link.replace('#/layers', '#/train');
}

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await finished(page).waitFor({ timeout: work });
}

test('a press on Train draws the curves and leaves a model that can be kept and looked into', async () => {
  const { page, faults } = await lab.open(tiny(), { ready: 'Train' });
  const memory = page.getByRole('region', { name: 'What training takes, table' });
  await memory.getByRole('row', { name: /^Activations [\d.]+ (kB|MB)$/ }).waitFor();
  await train(page);
  expect(await page.locator('.data-table tbody tr').count()).toBe(2);
  const times = page.getByRole('region', { name: 'Time by kernel, table' });
  const shares = await times.getByRole('cell', { name: /%$/ }).allTextContents();
  expect(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)).toBeCloseTo(100, 0);
  await page.getByText('CE’s embedding layer 0.').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download tiny.zip' }).click(),
  ]);
  const zip = readFileSync(await download.path()).toString('latin1');
  for (const path of ['config.json', 'model.safetensors', 'onnx/model.onnx', 'modules.json', 'README.md'])
    expect(zip).toContain(`tiny/${path}`);

  await page.getByRole('button', { name: 'Look into its layers' }).click();
  await page.getByRole('link', { name: 'Layers' }).click();
  await expect.poll(() => page.getByLabel('Dual encoder', { exact: true }).inputValue()).toBe('folder:tiny');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Computed in this browser').waitFor({ timeout: work });
  expect(faults).toEqual([]);
});

test('a paused run goes on after a reload and comes to the weights of a run that was not paused', async () => {
  const weights = async (page: Page): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download tiny.zip' }).click(),
    ]);
    const zip = readFileSync(await download.path());
    const at = zip.indexOf('tiny/model.safetensors');
    return zip.subarray(at, zip.indexOf('PK', at));
  };
  const link = tiny({ steps: 60, dropout: 0.1 });
  const straight = await lab.open(link, { ready: 'Train' });
  await train(straight.page);
  const expected = await weights(straight.page);
  await straight.context.close();

  const { page } = await lab.open(link, { ready: 'Train' });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText(/tiny: step [1-9]\d* of 60/).waitFor({ timeout: work });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Cancelled. What was embedded is stored').waitFor({ timeout: work });
  await page.reload();
  await page.getByRole('button', { name: 'Go on with tiny' }).click();
  await page.getByText(/tiny goes on from its checkpoint at step \d+/).waitFor({ timeout: work });
  await finished(page).waitFor({ timeout: work });
  expect((await weights(page)).equals(expected)).toBe(true);
  expect(await page.getByRole('heading', { name: 'Stopped runs' }).count()).toBe(0);
});

test('a loss that is not finite stops the run and says at which step', async () => {
  const { page } = await lab.open(tiny({ learningRate: 1e30, warmupSteps: 0 }), { ready: 'Train' });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /tiny stopped at step \d+: its loss is .*; lower the learning rate\./ })
    .waitFor({ timeout: work });
});

test('dropped triplets are trained on with their own negatives; data sets of the hub are taken by id', async () => {
  const { page, faults } = await lab.open(tiny(), { ready: 'Train' });
  const choose = (name: string, content: string): Promise<void> =>
    page
      .getByLabel('Choose files')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  await choose('empty.jsonl', '');
  await page.getByText('empty.jsonl: is empty').waitFor();
  const triplets = Array.from({ length: 12 }, (_, at) =>
    JSON.stringify({ query: `word ${at}`, positive: `what word ${at} means`, negative: `another ${at}` }),
  );
  await choose('mine.jsonl', triplets.join('\n'));
  await expect.poll(() => page.getByRole('checkbox', { name: /^mine/ }).isChecked()).toBe(true);
  await page.getByRole('checkbox', { name: /^FOLDOC/ }).uncheck();
  await page.getByLabel('Hard negatives').selectOption('given');
  await page.getByLabel('Precision').selectOption('fp16');

  const id = page.getByLabel('Another data set of the hub');
  await id.fill('nothing');
  await id.press('Enter');
  await page.getByText('"nothing" is no id of a data set').waitFor();
  await id.fill('owner/pairs');
  await id.press('Enter');
  await page.getByRole('checkbox', { name: 'hub:owner/pairs' }).click();

  await train(page);
  await page.getByRole('button', { name: 'Download tiny.zip' }).waitFor();
  expect(faults).toEqual([]);
});

test('any shape is added to the runs, with what it takes of the device and of its teacher', async () => {
  const { page, faults } = await lab.open('#/train', { ready: 'Train' });
  await page.getByText('Another shape').click();
  await page.getByLabel('Start from').selectOption('de');
  await page.getByLabel('Layers', { exact: true }).fill('4');
  await page.getByLabel('Layers copied').fill('3');
  await page.getByRole('button', { name: 'Add the shape' }).click();
  const added = page.getByRole('checkbox', { name: 'DE-4 DE, 3 copied 4 layers, 3 from the DE' });
  await expect.poll(() => added.isChecked()).toBe(true);
  await page.getByRole('columnheader', { name: 'DE-4 DE, 3 copied' }).waitFor();
  await added.click();
  await added.waitFor({ state: 'detached' });

  const which = page.getByLabel(/^Which of them/);
  await which.fill('0, 1, 2, 3, 4');
  await page.getByText('The model has 4 layers; name as many at most.').waitFor();
  await which.fill('0, 5');
  await page.getByLabel('Loss', { exact: true }).selectOption('mse');
  await page.getByRole('button', { name: 'Add the shape' }).click();
  await page
    .getByRole('checkbox', {
      name: /^DE-4 DE, layers 0 and 5 copied, MSE 4 layers, layers 0 and 5 from the DE/,
    })
    .waitFor();
  await page
    .getByText(
      /for DE-4 DE, layers 0 and 5 copied, MSE bundled:mini-de, at most [\d,]+ texts to embed, about/,
    )
    .waitFor();
  await page.getByText(/Times are at the pace of the stored run/).waitFor();
  await which.fill('9');
  await page.getByRole('button', { name: 'Add the shape' }).click();
  await page.getByText(/names layer 9, but bundled:mini-de has 6 layers, 0 to 5/).waitFor();
  expect(faults).toEqual([]);
});
