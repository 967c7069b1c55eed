import { BrowserGone, type InPage, type Json, type Visitor } from './visitor.ts';

/** Commands of the W3C's WebDriver, by the names that Marionette gives them. */
export type Command =
  | 'NewSession'
  | 'DeleteSession'
  | 'SetTimeouts'
  | 'Navigate'
  | 'ExecuteAsyncScript'
  | 'ElementClick'
  | 'ElementSendKeys';

/** Sends a command. `id` among its parameters is an element. @throws with what the driver says */
export type Send = (command: Command, parameters: { readonly [key: string]: Json }) => Promise<unknown>;

/** Under this name an element travels; the standard fixes it. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';
type ElementReference = { readonly [elementKey]: string };

/** Only catch what hangs. */
const timeouts = { script: 600_000, pageLoad: 600_000, implicit: 0 };

interface Session {
  readonly browser: string;
  readonly send: Send;
  readonly capabilities: { readonly [key: string]: Json };
  /** Ends the browser and what belongs to it. */
  readonly close: () => Promise<void>;
}

/** A visitor whose browser takes the commands of WebDriver. */
export async function webDriverVisitor({ browser, send, capabilities, close }: Session): Promise<Visitor> {
  const opened = (await send('NewSession', capabilities)) as {
    readonly capabilities: { readonly browserVersion?: string };
  };
  await send('SetTimeouts', timeouts);

  const evaluate = async <A extends readonly Json[], R>(run: InPage<A, R>, ...given: A): Promise<R> => {
    // The last argument ends the script.
    const script = `
      const given = [...arguments];
      const done = given.pop();
      new Promise((resolve) => resolve((${run})(...given))).then(
        (value) => done({ value: value === undefined ? null : value }),
        (error) => done({ error: String(error) }),
      );`;
    const { value, error } = (await send('ExecuteAsyncScript', { script, args: given })) as {
      value?: R;
      error?: string;
    };
    if (error !== undefined) throw new Error(error);
    return value as R;
  };
  const find = async <A extends readonly Json[]>(
    run: InPage<A, Element | null>,
    ...given: A
  ): Promise<string> => {
    const found = (await evaluate(run, ...given)) as unknown as ElementReference | null;
    if (found === null) throw new Error(`${browser}: nothing is found by ${run} of ${given.join()}.`);
    return found[elementKey];
  };
  return {
    browser,
    version: opened.capabilities.browserVersion ?? 'unknown',
    evaluate,
    async open(url) {
      await send('Navigate', { url });
    },
    async click(run, ...given) {
      await send('ElementClick', { id: await find(run, ...given) });
    },
    async type(text, run, ...given) {
      await send('ElementSendKeys', { id: await find(run, ...given), text });
    },
    close,
  };
}

/** The same commands as HTTP. @param base address of the driver */
export function sendByHttp(base: string): Send {
  let session = '';
  const route = (command: Command, id: Json | undefined): readonly [method: string, path: string] => {
    switch (command) {
      case 'NewSession':
        return ['POST', '/session'];
      case 'DeleteSession':
        return ['DELETE', session];
      case 'SetTimeouts':
        return ['POST', `${session}/timeouts`];
      case 'Navigate':
        return ['POST', `${session}/url`];
      case 'ExecuteAsyncScript':
        return ['POST', `${session}/execute/async`];
      case 'ElementClick':
        return ['POST', `${session}/element/${id}/click`];
      case 'ElementSendKeys':
        return ['POST', `${session}/element/${id}/value`];
    }
  };
  return async (command, { id, ...parameters }) => {
    const [method, path] = route(command, id);
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method,
        ...(method === 'POST' ? { body: JSON.stringify(parameters) } : {}),
      });
    } catch (error) {
      throw new BrowserGone(`The driver at ${base} does not answer ${command}.`, { cause: error });
    }
    const { value } = (await response.json()) as {
      value: { readonly error?: string; readonly message?: string; readonly sessionId?: string } | null;
    };
    if (!response.ok) {
      const said = `${command}: ${value?.error ?? response.status} ${value?.message ?? ''}`;
      throw value?.error === 'invalid session id' ? new BrowserGone(said) : new Error(said);
    }
    if (command === 'NewSession') session = `/session/${value?.sessionId}`;
    return value;
  };
}
