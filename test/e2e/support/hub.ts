import type { BrowserContext } from 'playwright-core';
import type { TestHub } from '../../support/hub/server.ts';

/** What the page asks of the hub, the test's hub answers; redirects to its storage are followed on the way. */
export async function inPlaceOfTheHub(context: BrowserContext, hub: TestHub): Promise<void> {
  await context.route('https://huggingface.co/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `${hub.url}${pathname}${search}` }) });
  });
}
