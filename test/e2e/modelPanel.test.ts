import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub/server.ts';
import { filesOf } from '../support/hub/setup.ts';
import { axeViolations } from './support/axe.ts';
import { inPlaceOfTheHub } from './support/hub.ts';
import { labBrowser, linkTo } from './support/page.ts';

const lab = labBrowser();

let hub: TestHub;
beforeAll(async () => {
  const ce = filesOf('public/models/mini-ce', (path) => path !== 'model.safetensors');
  hub = await startHub({
    models: { 'owner/mini-ce': ce, 'owner/other-ce': ce },
    listed: {
      'owner/mini-ce': { task: 'text-ranking', downloads: 1200, tags: ['onnx', 'bert'] },
      'owner/other-ce': {
        task: 'text-ranking',
        downloads: 34,
        tags: ['onnx', 'bert', 'base_model:owner/base'],
      },
    },
  });
});
afterAll(() => hub.close());

/** Whatever is open on the page is to be readable at 360 pixels, in both themes. */
async function checkReadable(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeViolations(page), colorScheme).toEqual([]);
  }
}

test('a model of the hub is looked into before it is downloaded, and another is found and taken', async () => {
  const { page, context, faults } = await lab.open(
    linkTo((spec) => ({
      ...spec,
      models: { ...spec.models, ce: { ...spec.models.ce, source: 'hub:owner/mini-ce@main' } },
    })),
    { viewport: { width: 360, height: 800 } },
  );
  await inPlaceOfTheHub(context, hub);
  // Closed on a narrow screen.
  await page.getByRole('heading', { name: 'Experiment' }).click();
  const panel = page.locator('.model-look').filter({ hasText: 'What this CE is' });
  const said = (name: string) =>
    panel.locator('dt').getByText(name, { exact: true }).locator('xpath=../dd').first();
  await panel.locator('summary').click();
  await said('Kind').getByText('cross encoder, bert (BertForSequenceClassification)').waitFor();
  expect(await said('Size').innerText()).toBe(
    '6 layers of 128, 4 heads, feed-forward 512, vocabulary 8,192, 256 tokens',
  );
  expect(await said('Score').innerText()).toContain('ranked by its one logit');
  expect(await said('Training').innerText()).toBe('a model to train can start from its layers');
  expect(await said('Hidden states').count()).toBe(0);
  expect(hub.requests.filter(({ origin }) => origin === 'storage')).toEqual([]);
  await panel.getByRole('button', { name: 'Download it and find its layers' }).click();
  await said('Hidden states').getByText('0 to 6').waitFor();
  expect(await said('Attention').innerText()).toBe('1 to 6');

  const browser = page.locator('.hub-models');
  await browser.getByText('Models of the hub').click();
  await browser.getByLabel('Part of the name').fill('other');
  await browser.getByRole('button', { name: 'Search the hub' }).click();
  await browser.getByText('34 downloads, 1 ONNX file, from owner/base').waitFor();
  expect(await browser.getByText('owner/mini-ce').count()).toBe(0);
  await checkReadable(page);

  await browser.getByRole('button', { name: 'Use owner/other-ce' }).click();
  await panel.locator('summary').click();
  await said('Model')
    .getByText(`hub:owner/other-ce@${hub.commitOf('models', 'owner/other-ce')}`)
    .waitFor();
  expect(faults).toEqual([]);
});
