import type { ElementHandle, Page } from 'playwright-core';
import type { InPage, Json, Visitor } from './visitor.ts';

/** A visitor with a page of Playwright's. */
export function chromiumVisitor(page: Page): Visitor {
  // As a text, which the driver reads into the page; the page's own policy forbids `eval`.
  const call = <A extends readonly Json[]>(run: InPage<A, unknown>, given: A): string =>
    `(${run})(...${JSON.stringify(given)})`;
  const find = async <A extends readonly Json[]>(
    run: InPage<A, Element | null>,
    given: A,
  ): Promise<ElementHandle<Element>> => {
    const element = (await page.evaluateHandle(call(run, given))).asElement();
    if (!element) throw new Error(`Chromium: nothing is found by ${run} of ${given.join()}.`);
    return element as ElementHandle<Element>;
  };
  return {
    browser: 'Chromium',
    version: page.context().browser()?.version() ?? 'unknown',
    evaluate: async <A extends readonly Json[], R>(run: InPage<A, R>, ...given: A) =>
      (await page.evaluate(call(run, given))) as R,
    async open(url) {
      await page.goto(url);
    },
    async click(run, ...given) {
      await (await find(run, given)).click();
    },
    async type(text, run, ...given) {
      await (await find(run, given)).click();
      await page.keyboard.type(text);
    },
    close: () => page.context().close(),
  };
}
