import { expect, test } from 'vitest';
import { axeViolations } from './support/axe.ts';
import { labBrowser, linkTo, run } from './support/page.ts';

const lab = labBrowser();
test.each(['light', 'dark'] as const)(
  'axe finds nothing in the %s theme, before and after a run',
  async (theme) => {
    const { page } = await lab.open(linkTo(), { colorScheme: theme });
    await page.locator('.figure svg.recharts-surface').first().waitFor();
    const closed = page.locator('details:not([open]) > summary');
    while ((await closed.count()) > 0) await closed.first().click();
    expect(await axeViolations(page)).toEqual([]);
    await run(page);
    expect(await axeViolations(page)).toEqual([]);
  },
);

test.each(
  (['light', 'dark'] as const).flatMap((theme) =>
    [
      ['#/train', 'Train'],
      ['#/compare', 'Compare'],
      ['#/paper', 'Skip to the lab'],
      ['#/reproduce', 'Run'],
    ].map(([page, ready]) => ({ theme, page, ready })),
  ),
)('axe finds nothing on $page in the $theme theme', async ({ theme, page: hash, ready }) => {
  const { page } = await lab.open(hash, { colorScheme: theme, ready });
  if (hash === '#/paper') await page.locator('.table-one tbody tr').first().waitFor();
  if (hash === '#/compare') await page.getByRole('heading', { name: 'Stored comparison' }).waitFor();
  const closed = page.locator('details:not([open]) > summary');
  while ((await closed.count()) > 0) await closed.first().click();
  expect(await axeViolations(page)).toEqual([]);
});

test('the chosen theme stands over the system and is kept', async () => {
  const { page } = await lab.open('', { colorScheme: 'light' });
  await page.getByLabel('Theme').selectOption('dark');
  const surface = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await surface();
  await page.reload();
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  expect(await surface()).toBe(dark);
});

test('a screen 360 pixels wide needs no sideways scrolling', async () => {
  const { page } = await lab.open('', { viewport: { width: 360, height: 740 } });
  await page.locator('.figure svg.recharts-surface').first().waitFor();
  await page.getByRole('heading', { name: 'Experiment' }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('the keyboard alone reaches Run, the layers and the charts', async () => {
  const { page } = await lab.open();
  await page.locator('.figure svg.recharts-surface').first().waitFor();
  const reached = new Set<string>();
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate(() => {
        const { activeElement } = document;
        if (activeElement?.closest('.recharts-wrapper')) return 'chart';
        if (activeElement?.closest('.stack-layers')) return 'layer';
        return activeElement?.textContent ?? '';
      }),
    );
  }
  expect([...reached]).toEqual(expect.arrayContaining(['Run', 'chart', 'layer']));
});
