/** What passes between a test and the page. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Runs in the page. Its text is sent there, so it may use nothing from outside itself. */
export type InPage<A extends readonly Json[], R> = (...given: A) => R | Promise<R>;

/** Somebody with a browser, whichever drives it. */
export interface Visitor {
  readonly browser: string;
  readonly version: string;
  open(url: string): Promise<void>;
  evaluate<A extends readonly Json[], R>(run: InPage<A, R>, ...given: A): Promise<R>;
  /** Presses the element that a function of the page gives, as a mouse does. */
  click<A extends readonly Json[]>(find: InPage<A, Element | null>, ...given: A): Promise<void>;
  /** Types into the element, key by key. */
  type<A extends readonly Json[]>(text: string, find: InPage<A, Element | null>, ...given: A): Promise<void>;
  close(): Promise<void>;
}

/** The browser itself is gone, so waiting helps nothing. */
export class BrowserGone extends Error {}

/** As long as a busy machine may take for a run; what takes longer hangs. */
const most = 900_000;
const pollMs = 100;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Asks the page again and again, also while it is being loaded.
 * @param run gives what is waited for; null until it is there
 * @throws with what the page says instead
 */
export async function until<A extends readonly Json[], R>(
  visitor: Visitor,
  what: string,
  run: InPage<A, R | null>,
  ...given: A
): Promise<R> {
  const end = Date.now() + most;
  let fault = '';
  while (Date.now() < end) {
    try {
      const found = await visitor.evaluate(run, ...given);
      if (found !== null) return found;
    } catch (error) {
      if (error instanceof BrowserGone) throw error;
      // The page is between two documents.
      fault = error instanceof Error ? ` (${error.message})` : '';
    }
    await pause(pollMs);
  }
  const said = await visitor.evaluate(() => document.body.innerText.slice(0, 2000)).catch(() => 'nothing');
  throw new Error(`${visitor.browser}: ${what} did not come${fault}. The page says: ${said}`);
}

/** Waits for a text that matches. @returns the match */
export async function untilSaid(visitor: Visitor, pattern: RegExp, selector = 'body'): Promise<string> {
  return await until(
    visitor,
    String(pattern),
    (source, flags, where) => {
      for (const element of document.querySelectorAll<HTMLElement>(where)) {
        const found = new RegExp(source, flags).exec(element.innerText);
        if (found) return found[0];
      }
      return null;
    },
    pattern.source,
    pattern.flags,
    selector,
  );
}

/** Presses a button by its name, once it can be pressed. */
export async function press(visitor: Visitor, name: string): Promise<void> {
  await until(
    visitor,
    `the button ${name}`,
    (text) =>
      [...document.querySelectorAll('button')].some((one) => one.innerText.trim() === text && !one.disabled)
        ? true
        : null,
    name,
  );
  await visitor.click(
    (text) => [...document.querySelectorAll('button')].find((one) => one.innerText.trim() === text) ?? null,
    name,
  );
}
