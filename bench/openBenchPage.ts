import type { Page } from 'playwright-core';
import { createServer, type Plugin } from 'vite';
import { type AdapterChoice, openBrowser } from '../bin/browser.ts';

export interface OpenedBench {
  readonly page: Page;
  /** True when WebGPU runs on the processor, or not at all. */
  readonly software: boolean;
  close(): Promise<void>;
}

/** Opens the page of the benches in a headless browser. */
export async function openBenchPage(
  adapter: AdapterChoice,
  plugins: readonly Plugin[] = [],
): Promise<OpenedBench> {
  // Without a watcher: a file that changes meanwhile must not load the page again.
  const server = await createServer({
    logLevel: 'error',
    plugins: [...plugins],
    // Met only when a bench is asked for; found so late, they would load the page again.
    optimizeDeps: {
      include: [
        '@jax-js/jax',
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js',
        '@tensorflow/tfjs-core/dist/register_all_gradients.js',
        '@tensorflow/tfjs-backend-webgpu',
      ],
    },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  const browser = await openBrowser(adapter, null);
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const { page } = browser;
    page.on('pageerror', (error) => console.error(`The page failed: ${error.message}`));
    await page.exposeFunction('benchLog', (line: string) => console.error(line));
    await page.goto(`http://127.0.0.1:${address.port}/bench/index.html`);
    await page.waitForFunction(() => 'benchNames' in globalThis, undefined, { timeout: 120_000 });
    return { page, software: browser.software, close };
  } catch (error) {
    await close();
    throw error;
  }
}
