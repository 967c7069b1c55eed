import { expect, test } from 'vitest';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();

test('a page that cannot be loaded says so in one sentence, and the other pages live on', async () => {
  const { page } = await lab.open();
  // No text becomes markup or a script of another origin.
  const refused = await page.evaluate(() =>
    [
      () => document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="0">'),
      () => new Worker('https://elsewhere.example/worker.js'),
    ].map((attempt) => {
      try {
        attempt();
        return 'taken';
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
  expect(refused).toEqual(['TypeError', 'TypeError']);
  await page.route(/PaperView-.*\.js$/, (route) => route.abort());
  await page.getByRole('link', { name: 'The paper' }).click();
  await page.getByRole('alert').filter({ hasText: 'The page “The paper” cannot be drawn' }).waitFor();
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('heading', { name: 'Stored comparison' }).waitFor();
  await page.getByRole('link', { name: 'Layers' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
});

test('a worker that does not start is one sentence, and the page lives on', async () => {
  const { page, context } = await lab.open();
  await context.route(/\/worker-.*\.js$/, (route) => route.abort());
  await page.reload();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const sentence = page.getByRole('alert').filter({ hasText: 'The lab’s worker did not start' }).first();
  await sentence.waitFor();
  await page.getByText('Stored, not computed in this browser').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Run', exact: true }).isEnabled()).toBe(true);
});
