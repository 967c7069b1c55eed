import { createServer } from 'node:http';
import type { Locator, Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { stepIds } from '../../src/lab/lesson/steps.ts';
import { axeViolations } from './support/axe.ts';
import { labBrowser } from './support/page.ts';

const lab = labBrowser();

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${target}.`);
}

/** Predicts, shows the answer and waits until it and what can be touched are there. */
async function answerByKeyboard(page: Page): Promise<void> {
  await tabTo(page, page.locator('.prediction input').first());
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Show the answer' }));
  await page.keyboard.press('Enter');
  const answer = page.getByRole('region', { name: 'Answer' });
  await answer.getByText(/^You predicted/).waitFor();
  expect(await answer.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByRole('region', { name: 'Try it' }).locator('input, select, textarea').first().waitFor();
}

test('the keyboard alone goes through the lesson, which axe finds nothing in and which stays answered', async () => {
  const { page, faults } = await lab.open('#/lesson', {
    ready: 'Show the answer',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    viewport: { width: 360, height: 740 },
  });
  for (const [index, step] of stepIds.entries()) {
    await page.getByText(`Step ${index + 1} of ${stepIds.length}`).waitFor();
    await answerByKeyboard(page);
    // The answer searches too, which once ended the visitor's own search for good.
    if (step === 'idf') await page.locator('.beside-lists').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), step).toBeLessThanOrEqual(360);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeViolations(page), `${step}, ${colorScheme}`).toEqual([]);
    }
    if (index === stepIds.length - 1) break;
    await tabTo(page, page.getByRole('link', { name: 'Next' }));
    await page.keyboard.press('Enter');
  }
  await page.getByText('That was the last step.').waitFor();

  // A step's address, in a new visit of the same browser: presenting, with the answers still there.
  await page.goto('about:blank');
  await page.goto(`${inject('baseUrl')}#/lesson?step=rerank&present=1`);
  await page.getByRole('heading', { name: 'Reranking' }).waitFor();
  await page.getByText(/^Hits@10 goes from/).waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages' });
  expect([await pages.isVisible(), await page.getByRole('navigation', { name: 'Steps' }).count()]).toEqual([
    false,
    0,
  ]);
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { name: 'Is the difference significant?' }).waitFor();
  await page.keyboard.press('PageUp');
  await page.getByRole('heading', { name: 'Reranking' }).waitFor();
  await page.keyboard.press('Escape');
  await pages.waitFor();
  await page.getByText(`${stepIds.length} of ${stepIds.length} steps answered`).waitFor();
  await page.getByRole('button', { name: 'Start over' }).click();
  await page.getByText(`0 of ${stepIds.length} steps answered`).waitFor();

  await page.getByRole('link', { name: 'Teacher’s sheet' }).click();
  await page.getByRole('heading', { name: /teacher’s sheet$/ }).waitFor();
  // Printed at once, in a visit that has shown no answer: the sheet waits until it has them all.
  await page.reload();
  await page.getByRole('heading', { name: /teacher’s sheet$/ }).waitFor();
  await page.evaluate(() => {
    window.print = () => {
      document.body.dataset.printed = String(document.querySelectorAll('.teacher-sheet li strong').length);
    };
  });
  await page.getByRole('button', { name: 'Print' }).click();
  await page.locator('body[data-printed]').waitFor({ state: 'attached' });
  // The right option of each step stands out.
  expect(await page.locator('body').getAttribute('data-printed')).toBe(String(stepIds.length));
  expect(await axeViolations(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.teacher-sheet article').count()).toBe(stepIds.length);
  expect([await pages.isVisible(), await page.getByRole('button', { name: 'Print' }).isVisible()]).toEqual([
    false,
    false,
  ]);
  expect(faults).toEqual([]);
});

test('pictures stand in frames of a page that is not isolated, which they leave alone', async () => {
  const { page, faults } = await lab.open('#/layers', { serviceWorkers: 'allow', colorScheme: 'light' });
  await page.locator('.embed-snippet > summary').first().click();
  const snippet = await page.getByLabel('HTML of a frame with this picture').first().inputValue();
  const flow = `${inject('baseUrl')}#/embed/flow?q=a+program+that+checks+a+disk&theme=dark`;
  const pair = `${inject('baseUrl')}#/embed/pair?query=a+disk+check&document=fsck+checks+a+disk&layer=2&picture=attention`;
  const course = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(
      `<!doctype html><title>Course</title>${snippet.replace('loading="lazy"', '')}<iframe src="${flow}" title="ranks"></iframe>` +
        `<iframe src="${pair}" title="pair"></iframe><iframe src="${inject('baseUrl')}#/embed/curves?figures=cut" title="cut"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => course.listen(0, '127.0.0.1', resolve));
  const address = course.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  // Another host than the lab's, so that the frames are on another site.
  const visitor = await page.context().newPage();
  await visitor.goto(`http://localhost:${port}/`);
  const frame = (title: string) => visitor.frameLocator(`iframe[title="${title}"]`);
  await frame('Hits@10 by layer').getByRole('heading', { name: 'Average of 4 collections' }).waitFor();
  await frame('Hits@10 by layer').locator('svg.recharts-surface').first().waitFor();
  expect(await frame('Hits@10 by layer').getByRole('navigation').count()).toBe(0);
  await frame('ranks').getByText('Query: “a program that checks a disk”.').waitFor();
  await frame('ranks').locator('svg.recharts-surface').first().waitFor();
  await frame('pair').getByText('Query: “a disk check”. Document: “fsck checks a disk”.').waitFor();
  await frame('pair')
    .getByRole('heading', { name: 'From query to document: layer 2, mean of all heads' })
    .waitFor();
  // One picture was asked for, and it is not embedded again.
  expect(await frame('pair').getByRole('figure').count()).toBe(1);
  expect(await frame('pair').locator('.embed-snippet').count()).toBe(0);
  await frame('cut').getByText('copy the snippet again').waitFor();
  const inside = visitor.frames().find((one) => one.url().includes('/embed/curves?metric'));
  expect(
    // Isolation would have to load the frame again.
    await inside?.evaluate(() => [
      crossOriginIsolated,
      performance.getEntriesByType('navigation').map((entry) => (entry as PerformanceNavigationTiming).type),
    ]),
  ).toEqual([false, ['navigate']]);
  course.closeAllConnections();
  course.close();
  expect(faults).toEqual([]);
});
