import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { launch } from '../../support/browser.ts';

export { linkTo } from './smallRun.ts';

export interface OpenLab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page's console said in red, and what it threw. */
  readonly faults: string[];
}

/** Milliseconds in which an answer of the page must come, and in which embedding or training must: to catch hangs. */
const answer = 120_000;
export const work = 1_800_000;

/** One browser for all files of tests, which share a worker; it ends with that worker. */
let shared: Promise<Browser> | undefined;

/** Every call of `open` opens the lab in a fresh profile, closed behind the file of tests. */
export function labBrowser(): {
  /** @param options.ready the button that shows that the page is there */
  open(
    hash?: string,
    options?: BrowserContextOptions & { readonly base?: string; readonly ready?: string },
  ): Promise<OpenLab>;
} {
  let browser: Browser;
  beforeAll(async () => {
    if (!(await shared)?.isConnected()) shared = launch();
    browser = await shared!;
  });
  afterAll(() => Promise.all(browser.contexts().map((context) => context.close())));
  return {
    async open(hash = '', { base = inject('baseUrl'), ready = 'Run', ...options } = {}) {
      // Playwright sees no requests behind a service worker; tests of the service worker itself allow it.
      const context = await browser.newContext({
        acceptDownloads: true,
        serviceWorkers: 'block',
        ...options,
      });
      context.setDefaultTimeout(answer);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.goto(`${base}${hash}`);
      await page.getByRole('button', { name: ready, exact: true }).waitFor();
      // A page's scripts come after the shell's.
      await page.locator('main h2').first().waitFor();
      return { page, context, faults };
    },
  };
}

export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await finished(page).waitFor({ timeout: work });
}

export function finished(page: Page): Locator {
  return page.getByText(/^Done in /);
}
