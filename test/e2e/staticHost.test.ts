import { afterAll, beforeAll, expect, test } from 'vitest';
import { labBrowser, linkTo, run } from './support/page.ts';
import { builtText, type StaticHost, staticHost } from './support/staticHost.ts';

const lab = labBrowser();

let host: StaticHost;
beforeAll(async () => {
  host = await staticHost();
});
afterAll(() => host.close());

test('on a host that sends no isolation headers, threads work; kept, the lab runs without the host', async () => {
  const { page, context, faults } = await lab.open(linkTo(), { base: host.base, serviceWorkers: 'allow' });
  await expect.poll(() => page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByText(/WebAssembly with [2-9]\d* threads/).waitFor();
  const offline = page.getByRole('region', { name: 'Without a network' });
  await offline.getByText(/ are to be fetched\.$/).waitFor();
  await offline.getByRole('button', { name: 'Keep for use without a network' }).click();
  await offline.getByText(/^Everything is kept/).waitFor();

  // A later version waits until it is taken.
  host.changed.set('service-worker.js', `${builtText('service-worker.js')}\n// A later version.`);
  await page.evaluate(async () => await (await navigator.serviceWorker.ready).update());
  await page.getByText('A later version of the lab is here.').waitFor();
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Load it' }).click();
  await loaded;
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  expect(await page.getByText('A later version of the lab is here.').count()).toBe(0);

  // The host is gone: a new tab opens the page, and a whole run ends as with it.
  host.close();
  const later = await context.newPage();
  // As mail programs and social networks lengthen a link.
  await later.goto(`${host.base}?from=a-letter${linkTo()}`);
  await expect.poll(() => later.evaluate(() => crossOriginIsolated)).toBe(true);
  await run(later);
  await later.getByRole('link', { name: 'Compare' }).click();
  await later.getByRole('heading', { name: 'Stored comparison' }).waitFor();
  expect(faults).toEqual([]);
});
