import type { BrowserContext } from 'playwright-core';

/** Whether a text is well-formed XML to a browser; in a page of its own, for the lab's parses no text. */
export async function isWellFormed(context: BrowserContext, text: string): Promise<boolean> {
  const page = await context.newPage();
  try {
    return await page.evaluate(
      (svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror') === null,
      text,
    );
  } finally {
    await page.close();
  }
}
