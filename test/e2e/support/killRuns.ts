/**
 * Kills the tab of a run at random moments and goes on each time, until it ends, and holds what it comes to against
 * an undisturbed run: `npm run kills -- --moments 10 --seed 1`, half of them in a run of the layers, half in a
 * comparison.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { buildIfStale } from '../../../bin/build.ts';
import { serve } from '../../../bin/serve.ts';
import { generator } from '../../../src/base/random.ts';
import { launch } from '../../support/browser.ts';
import { withoutTimes } from '../../support/withoutTimes.ts';
import { killTab, openTab, savedReport } from './killedTab.ts';
import { linkTo } from './smallRun.ts';

interface Kind {
  readonly hash: string;
  readonly button: string;
  /** What the run came to, as far as it is the same in every run. */
  figures(page: Page): Promise<unknown>;
}

const kinds: Readonly<Record<string, Kind>> = {
  layers: {
    hash: linkTo(undefined, [20, 100]),
    button: 'Run',
    figures: async (page) => withoutTimes(await savedReport(page)),
  },
  comparison: {
    hash: linkTo(
      (spec) => ({
        ...spec,
        compare: {
          ...spec.compare,
          enabled: true,
          systems: ['baseline', 'ce-layer-2', 'bm25'],
          speed: false,
        },
      }),
      [20, 100],
    ).replace('#/layers', '#/compare'),
    button: 'Compare',
    figures: async (page) => await page.locator('.data-table tbody').first().innerText(),
  },
};

const { values } = parseArgs({
  options: { moments: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const random = generator(Number(values.seed));

async function start(context: BrowserContext, address: string, { button }: Kind) {
  const page = await openTab(context, address);
  await page.getByRole('button', { name: button, exact: true }).click();
  return page;
}

const done = (page: Page) => page.getByText(/^Done in /);

/** @returns how many moments came before the run ended */
async function killed(
  browser: Browser,
  address: string,
  kind: Kind,
  { most, seconds, expected }: { most: number; seconds: number; expected: string },
): Promise<number> {
  const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: true });
  let page = await start(context, address, kind);
  let kills = 0;
  for (; kills < most; kills++) {
    // Before that there is no run yet.
    const wait = 0.3 + (uniformFloat64(random) * seconds) / 2;
    await pause(1000 * wait);
    if (await done(page).isVisible()) break;
    await killTab(page);
    console.log(`  killed after ${wait.toFixed(2)} s`);
    page = await openTab(context, address);
    const offer = page.getByRole('button', { name: 'Continue', exact: true });
    const offered = await offer.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (!offered) {
      console.log('  which was when it had just ended');
      await context.close();
      return kills;
    }
    await offer.click();
  }
  await done(page).waitFor({ timeout: 600_000 });
  const same = JSON.stringify(await kind.figures(page)) === expected;
  console.log(`  ended ${same ? 'as' : 'OTHERWISE THAN'} the undisturbed run`);
  if (!same) process.exitCode = 1;
  await context.close();
  return kills;
}

await buildIfStale();
const server = await serve();
const browser = await launch();
try {
  for (const [name, kind] of Object.entries(kinds)) {
    const address = `${server.url}${kind.hash}`;
    const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: true });
    const started = performance.now();
    const page = await start(context, address, kind);
    await done(page).waitFor({ timeout: 600_000 });
    const seconds = (performance.now() - started) / 1000;
    const expected = JSON.stringify(await kind.figures(page));
    await context.close();
    console.log(`${name}: undisturbed in ${seconds.toFixed(1)} s`);
    for (let left = Math.ceil(Number(values.moments) / 2); left > 0; ) {
      left -= await killed(browser, address, kind, { most: left, seconds, expected });
    }
  }
} finally {
  await browser.close();
  await server.close();
}
