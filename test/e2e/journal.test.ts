import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { expect, inject, test } from 'vitest';
import { generator } from '../../src/base/random.ts';
import type { Spec } from '../../src/lab/spec/spec.ts';
import { withoutTimes } from '../support/withoutTimes.ts';
import { killTab, openTab, savedReport, untilDone } from './support/killedTab.ts';
import { finished, labBrowser, linkTo, run, work } from './support/page.ts';

const lab = labBrowser();

const one = (spec: Spec): Spec => ({ ...spec, datasets: spec.datasets.slice(0, 1) });

/** 660 texts by each model. */
const some = linkTo(one, [60, 600]);
/** More than is done while a test looks. */
const many = linkTo(one, [100, 4000]);

test('a run whose tab is killed at ten random moments goes on, and ends as an undisturbed one', async () => {
  const { page: undisturbed } = await lab.open(some);
  await run(undisturbed);
  const expected = withoutTimes(await savedReport(undisturbed));

  const { page: first, context } = await lab.open(some);
  const random = generator(16);
  let page = first;
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  for (let kill = 0; kill < 10; kill++) {
    const { done } = await untilDone(page, uniformInt(random, 20 + 100 * kill, 100 + 100 * kill));
    await killTab(page);
    page = await openTab(context, `${inject('baseUrl')}${some}`);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    // What was told as done was stored: it is not embedded again.
    expect((await untilDone(page, done)).stored).toBeGreaterThanOrEqual(done);
  }
  await finished(page).waitFor({ timeout: work });
  expect(withoutTimes(await savedReport(page))).toEqual(expected);
  await page.reload();
  await page.getByText(/in 2 files/).waitFor();
  expect(await page.getByRole('button', { name: 'Continue', exact: true }).count()).toBe(0);
});

test('a second tab shows a run as it goes and takes it over; a run beside it spoils no store', async () => {
  const { page: first, context } = await lab.open(many);
  await first.getByRole('button', { name: 'Run', exact: true }).click();
  await untilDone(first, 1);
  const second = await openTab(context, `${inject('baseUrl')}${many}`);
  const follows = second.getByText(/^This run goes on in another tab/);
  await follows.waitFor();
  // The very same run is not run twice.
  await second.getByRole('button', { name: 'Run', exact: true }).click();
  await follows.waitFor();
  const { done } = await untilDone(second, 60);
  await first.close();
  await second.getByText(/^The tab in which this run went on was closed or crashed/).waitFor();
  await second.getByRole('button', { name: 'Continue', exact: true }).click();
  expect((await untilDone(second, done)).stored).toBeGreaterThanOrEqual(done);

  const third = await openTab(context, `${inject('baseUrl')}${linkTo(one)}`);
  await third.getByText(/^This run goes on in another tab/).waitFor();
  await run(third);
  await third.getByText(/^Another tab or run is using the stored embeddings/).waitFor();
  const { layerwise } = await savedReport(third);
  await second.getByRole('button', { name: 'Cancel' }).click();
  await second.getByText('Cancelled. What was embedded is stored').waitFor();
  await third.getByRole('button', { name: 'Run', exact: true }).click();
  await finished(third).waitFor({ state: 'detached' });
  await finished(third).waitFor({ timeout: work });
  expect((await savedReport(third)).layerwise).toEqual(layerwise);
});

test('a report of another tab is shown when it ends there, and a cut-off run can be forgotten', async () => {
  const { page: first, context } = await lab.open(linkTo(one));
  const second = await openTab(context, `${inject('baseUrl')}${linkTo(one)}`);
  await second.getByRole('button', { name: 'Run', exact: true }).waitFor();
  await run(first);
  await second.getByRole('heading', { name: 'Opened report' }).waitFor();
  await second.getByText(/^From the run in another tab, computed on/).waitFor();
  await second.close();

  await first.goto(`${inject('baseUrl')}${many}`);
  await first.getByRole('button', { name: 'Run', exact: true }).click();
  await untilDone(first, 50);
  await first.reload();
  await first.getByRole('button', { name: 'Forget it' }).click();
  await first.getByRole('button', { name: 'Forget it' }).waitFor({ state: 'detached' });
  await first.reload();
  await first.getByText(/in 2 files/).waitFor();
  expect(await first.getByRole('button', { name: 'Continue', exact: true }).count()).toBe(0);
});
