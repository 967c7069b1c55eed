import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startHub, type TestHub } from '../support/hub/server.ts';
import { filesOf } from '../support/hub/setup.ts';
import { labBrowser, linkTo, run } from './support/page.ts';

const lab = labBrowser();
const token = 'hf_never_to_be_seen';

let hub: TestHub;
/** Another server of this machine, which nothing may reach. */
let elsewhere: Server;
let strayRequests = 0;
beforeAll(async () => {
  hub = await startHub({
    models: {
      'owner/mini-ce': filesOf('public/models/mini-ce'),
      'owner/mini-de': filesOf('public/models/mini-de'),
    },
  });
  elsewhere = createServer((_, response) => {
    strayRequests++;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  elsewhere.close();
  await hub.close();
});
beforeEach(() => hub.setFaults([]));

const hubPair = linkTo((spec) => ({
  ...spec,
  datasets: spec.datasets.slice(0, 1),
  models: {
    ce: { ...spec.models.ce, source: 'hub:owner/mini-ce@main' },
    de: { ...spec.models.de, source: 'hub:owner/mini-de@main' },
  },
}));

/** Sets the test's hub as a user does. */
async function setHub(page: Page): Promise<void> {
  await page.getByText('Mirror and token').click();
  await page.getByLabel('Hub', { exact: true }).fill(hub.url);
  await page.getByLabel(/^Where a mirror keeps/).fill(hub.storage);
  await page.getByLabel(/^Token,/).fill(token);
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await loaded;
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
}

async function openWithHub() {
  const opened = await lab.open(hubPair);
  const origins = new Set<string>();
  const said: string[] = [];
  opened.page.on('console', (message) => said.push(message.text()));
  opened.context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http')) origins.add(origin);
  });
  await setHub(opened.page);
  return { ...opened, origins, said };
}

test('a pair of the hub runs, is kept, runs again without the hub, and is removed', async () => {
  const { page, origins, said, faults } = await openWithHub();
  await run(page);
  expect([...origins].sort()).toEqual([new URL(inject('baseUrl')).origin, hub.url, hub.storage].sort());
  const commit = hub.commitOf('models', 'owner/mini-ce');
  await page.getByText(`hub:owner/mini-ce@${commit}`).first().waitFor({ state: 'attached' });
  for (const { origin, authorization } of hub.requests) {
    expect(authorization).toBe(origin === 'hub' ? `Bearer ${token}` : null);
  }
  expect(page.url()).not.toContain(token);
  expect(await page.locator('body').innerText()).not.toContain(token);
  expect(said.join('\n')).not.toContain(token);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save report.json' }).click(),
  ]);
  expect(readFileSync(await saved.path(), 'utf8')).not.toContain(token);
  const holding = await page.evaluate(
    (secret) => Object.keys(localStorage).filter((key) => localStorage.getItem(key)?.includes(secret)),
    token,
  );
  expect(holding).toEqual(['layerlab-hub']);
  expect(faults).toEqual([]);

  await page.reload();
  await page.locator('summary', { hasText: 'owner/mini-ce@main' }).waitFor();
  hub.setFaults([{ path: 'hub:', what: { type: 'status', status: 503 } }]);
  await run(page);
  await page
    .getByText(/The commit that main was on .* is kept here and is used/)
    .first()
    .waitFor();
  expect(hub.requests.filter(({ origin }) => origin === 'storage')).toEqual([]);

  await page.getByRole('button', { name: 'Remove owner/mini-ce' }).click();
  await page.locator('summary', { hasText: 'owner/mini-ce@main' }).waitFor({ state: 'detached' });
  await page.locator('summary', { hasText: 'owner/mini-de@main' }).waitFor();
});

test('a download that is broken off is said, and the next run goes on from there', async () => {
  const { page } = await openWithHub();
  hub.setFaults([
    { path: 'storage:', times: 1, what: { type: 'cut', after: 4_000_000 } },
    { path: 'storage:', what: { type: 'status', status: 403 } },
  ]);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page
    .getByRole('alert')
    .getByText(/model.onnx is private, gated, or not there/)
    .waitFor();
  hub.setFaults([]);
  await run(page);
  const first = hub.requests.find(({ origin }) => origin === 'storage');
  expect(Number(/^bytes=(\d+)-/.exec(first?.range ?? '')?.[1])).toBeGreaterThan(0);
});

test('neither the page nor its worker reaches any other server', async () => {
  const { page } = await lab.open();
  const { port } = elsewhere.address() as AddressInfo;
  const ask = (url: string): Promise<boolean> =>
    fetch(url).then(
      () => true,
      () => false,
    );
  const url = `http://127.0.0.1:${port}/`;
  expect(await page.evaluate(ask, url)).toBe(false);
  const [worker] = page.workers();
  expect(await worker?.evaluate(ask, url)).toBe(false);
  expect(await worker?.evaluate(ask, `${inject('baseUrl')}index.html`)).toBe(true);
  expect(strayRequests).toBe(0);
});
