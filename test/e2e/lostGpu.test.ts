import { expect, inject, test } from 'vitest';
import { launch } from '../support/browser.ts';
import { finished, linkTo, work } from './support/page.ts';

test('a run goes on by itself when the browser’s GPU process is killed, to the same figures', async () => {
  // Of its own: a browser whose GPU process has died may refuse WebGPU to its other pages.
  const browser = await launch();
  try {
    const curves: string[] = [];
    for (const backend of ['wasm', 'webgpu'] as const) {
      const context = await browser.newContext({ serviceWorkers: 'block' });
      const page = await context.newPage();
      // Little of everything, for a software adapter.
      const link = linkTo((spec) => ({
        ...spec,
        backend,
        maxLength: 16,
        layerwise: { ...spec.layerwise, layers: [0, 1] },
        datasets: spec.datasets.slice(0, 1).map((dataset) => ({ ...dataset, queries: 4, documents: 8 })),
      }));
      await page.goto(`${inject('baseUrl')}${link}`);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      if (backend === 'webgpu') {
        await page.getByText(/CE: .* ([1-9]\d*) of \d+ texts/).waitFor({ timeout: work });
        const devtools = await browser.newBrowserCDPSession();
        const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
        const gpu = processInfo.find(({ type }) => type === 'GPU');
        expect(gpu).toBeDefined();
        process.kill(gpu!.id, 'SIGKILL');
      }
      await finished(page).waitFor({ timeout: work });
      if (backend === 'webgpu') {
        expect(await page.getByText(/The GPU was lost \(/).count()).toBe(1);
      }
      curves.push(await page.locator('.data-table tbody').innerText());
      await context.close();
    }
    expect(curves[1]).toBe(curves[0]);
  } finally {
    await browser.close();
  }
});
