import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { toPermalink } from '../../../src/lab/spec/permalink.ts';
import type { Spec } from '../../../src/lab/spec/spec.ts';
import { launch } from '../../support/browser.ts';

export interface OpenLab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page's console said in red, and what it threw. */
  readonly faults: string[];
}

/** One browser a file of tests; every call opens the lab in a fresh profile. */
export function labBrowser(): {
  /** @param options.ready the button that shows that the page is there */
  open(
    hash?: string,
    options?: BrowserContextOptions & { readonly base?: string; readonly ready?: string },
  ): Promise<OpenLab>;
} {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  return {
    async open(hash = '', { base = inject('baseUrl'), ready = 'Run', ...options } = {}) {
      const context = await browser.newContext({ acceptDownloads: true, ...options });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      await page.goto(`${base}${hash}`);
      await page.getByRole('button', { name: ready, exact: true }).waitFor();
      return { page, context, faults };
    },
  };
}

/** Address of a small experiment: seconds, not minutes. */
export function linkTo(change: (spec: Spec) => Spec = (spec) => spec): string {
  const small = defaultSpec(12, 30);
  return `#/layers?${new URLSearchParams({ spec: toPermalink(change({ ...small, datasets: small.datasets.slice(0, 2) })) })}`;
}

export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await finished(page).waitFor({ timeout: 120_000 });
}

export function finished(page: Page): Locator {
  return page.getByText(/^Done in /);
}
