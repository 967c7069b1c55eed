import { duration } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import { hubAccess } from './access.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cache?: RequestCache;
  /** Attempts without progress, where another way is open when there is no answer. */
  readonly tries?: number;
}

/** A server's refusal, with the status by which a caller may know what else to try. */
export class Refusal extends UserError {
  readonly status: number;
  /** Whether it is there, but only for those who accepted its terms. */
  readonly gated: boolean;

  constructor(sentence: string, status: number, gated = false) {
    super(sentence);
    this.status = status;
    this.gated = gated;
  }
}

export function isMissing(error: unknown): boolean {
  // The hub answers 401, not 404, for a repository that is not there when nobody is signed in.
  return error instanceof Refusal && !error.gated && [401, 403, 404].includes(error.status);
}

/** A failure that may be over in a moment: the attempt's place in a sentence. */
class Passing extends Error {
  readonly waitMs: number | null;

  constructor(words: string, waitMs: number | null = null) {
    super(words);
    this.waitMs = waitMs;
  }
}

/**
 * The one fetch for what comes from the hub. Cuts, silence and a server's own failures are tried again with
 * growing waits, a `Retry-After` is kept, and a body that is cut off goes on from the byte it had reached.
 * The signal cancels at any point, with its own reason.
 * @param what the name in sentences
 * @returns an answer whose status says success
 * @throws UserError that names `what` and says what happened; also from the body
 */
export async function request(url: string, what: string, init: RequestOptions = {}): Promise<Response> {
  if (isOffline(url)) {
    throw new UserError(`${what} could not be fetched: this device is offline; connect it and try again.`);
  }
  const opened = await persistently(what, new Attempts(init.tries), init.signal, () =>
    attempt(url, what, init),
  );
  const { response } = opened;
  if (!response.body || init.method === 'HEAD') return response;
  const { status, statusText, headers } = response;
  return new Response(resumed(opened, url, what, init), { status, statusText, headers });
}

interface Opened {
  readonly response: Response;
  /** Ends this attempt alone. */
  readonly control: AbortController;
}

/** Failures in a row, without progress between them. */
class Attempts {
  readonly #tries: number;
  #failed = 0;

  constructor(tries = hubAccess().patience.tries) {
    this.#tries = tries;
  }

  progress(): void {
    this.#failed = 0;
  }

  /** @returns milliseconds to wait @throws UserError when it has been tried often enough */
  next(what: string, failure: Passing): number {
    const { firstWaitMs, mostWaitMs } = hubAccess().patience;
    this.#failed++;
    if (failure.waitMs !== null && failure.waitMs > mostWaitMs) {
      throw new UserError(
        `${what}: ${failure.message}, and to wait ${duration(failure.waitMs / 1000)}; try again then.`,
      );
    }
    if (this.#failed >= this.#tries) {
      throw new UserError(
        `${what} could not be fetched: ${failure.message} (tried ${this.#tries} times); check the connection and try again.`,
      );
    }
    return failure.waitMs ?? firstWaitMs * 2 ** (this.#failed - 1);
  }
}

async function persistently<T>(
  what: string,
  attempts: Attempts,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      await waitFor(what, attempts, error, signal);
    }
  }
}

async function waitFor(
  what: string,
  attempts: Attempts,
  failure: Passing,
  signal: AbortSignal | undefined,
): Promise<void> {
  const ms = attempts.next(what, failure);
  hubAccess().onNotice(`${what}: ${failure.message}; trying again in ${duration(ms / 1000)}.`);
  await pause(ms, signal);
}

async function attempt(url: string, what: string, init: RequestOptions): Promise<Opened> {
  const { host, origin } = new URL(url);
  const { token, patience } = hubAccess();
  if (isOffline(url)) throw new Passing('this device is offline');
  const control = new AbortController();
  const headers: Record<string, string> = { ...init.headers };
  // Browsers drop this header where the answer leads to another origin.
  if (token?.origin === origin) headers.Authorization = `Bearer ${token.value}`;
  let response: Response;
  try {
    const { method, cache } = init;
    response = await inTime(
      fetch(url, {
        method,
        cache,
        headers,
        // The hub turns some sites away by where a request comes from.
        referrerPolicy: 'no-referrer',
        signal: init.signal ? AbortSignal.any([init.signal, control.signal]) : control.signal,
      }),
      patience.stallMs,
      host,
      control,
    );
  } catch (error) {
    init.signal?.throwIfAborted();
    throw error instanceof Passing ? error : new Passing(`no answer from ${host}`);
  }
  if (response.ok) return { response, control };
  await response.body?.cancel();
  throw refusalOf(response, { url, what, signedIn: token?.origin === origin });
}

interface Asked {
  readonly url: string;
  readonly what: string;
  readonly signedIn: boolean;
}

function refusalOf({ status, headers }: Response, { url, what, signedIn }: Asked): Error {
  const { host } = new URL(url);
  if (headers.get('X-Error-Code') === 'GatedRepo')
    return new Refusal(gated(url, what, signedIn), status, true);
  switch (status) {
    case 401:
    case 403:
      return new Refusal(
        `${what} is private, gated, or not there (${host} answered ${status}); check the name${
          signedIn ? ', and that the token may read it' : ', or set a token that may read it'
        }.`,
        status,
      );
    case 404:
      return new Refusal(`${what} is not there (${host} answered 404); check the name.`, status);
    case 416:
      return new Refusal(`${what} is shorter than listed (${host} answered 416); try again.`, status);
    case 429:
      return new Passing(`${host} asks for fewer requests`, retryAfter(headers.get('Retry-After')));
    default:
      return status >= 500
        ? new Passing(`${host} answered ${status}`, retryAfter(headers.get('Retry-After')))
        : new Refusal(`${what} could not be fetched: ${host} answered ${status}; try again later.`, status);
  }
}

/** The sentence for a repository whose owner wants terms accepted. Its page is where its files are resolved. */
function gated(url: string, what: string, signedIn: boolean): string {
  const { origin, pathname } = new URL(url);
  const page =
    origin + pathname.replace(/^\/api(\/models)?/, '').replace(/\/(resolve|revision|tree)\/.*$/, '');
  const then = signedIn
    ? 'accept them there as the user of your token'
    : 'accept them there, and set a token of yours that may read it';
  return `${what} is gated: its owner asks to accept terms at ${page}; ${then}.`;
}

/** Milliseconds; seconds or a date stand in the header. */
function retryAfter(value: string | null): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** The body, whose source is opened again when it fails. */
function resumed(
  opened: Opened,
  url: string,
  what: string,
  init: RequestOptions,
): ReadableStream<Uint8Array> {
  const { host } = new URL(url);
  const { stallMs } = hubAccess().patience;
  const asked = /^bytes=(\d+)-(\d*)$/.exec(init.headers?.Range ?? '');
  /** Where in the file an answer's body begins: a server that knows no ranges sends all of it. */
  const startOf = ({ status }: Response): number => (status === 206 ? Number(asked?.[1] ?? 0) : 0);
  const start = startOf(opened.response);
  const end = opened.response.status === 206 ? (asked?.[2] ?? '') : '';
  const length = lengthOf(opened.response);
  const attempts = new Attempts(init.tries);
  let control = opened.control;
  let reader = readerOf(opened.response);
  let delivered = 0;
  /** Bytes that come again. */
  let skip = 0;

  const open = async (headers: RequestOptions['headers']): Promise<Response> => {
    const next = await attempt(url, what, { ...init, headers });
    control = next.control;
    reader = readerOf(next.response);
    return next.response;
  };

  const reopen = async (): Promise<void> => {
    const reached = start + delivered;
    if (length !== null) {
      const rest = await open({ ...init.headers, Range: `bytes=${reached}-${end}` });
      skip = rest.status === 206 ? 0 : reached;
      // The lengths do not agree for a body that was compressed on the way, which a page is not told.
      if (rest.status !== 206 || lengthOf(rest) === length - delivered) return;
      await reader.cancel();
    }
    skip = reached - startOf(await open(init.headers));
  };

  const readOn = async (): Promise<Uint8Array | null> => {
    for (;;) {
      let read: ReadableStreamReadResult<Uint8Array>;
      try {
        read = await inTime(reader.read(), stallMs, host, control);
      } catch (error) {
        init.signal?.throwIfAborted();
        throw error instanceof Passing ? error : new Passing(`the connection to ${host} was cut`);
      }
      if (read.done) {
        if (skip > 0) throw new Passing(`the connection to ${host} was cut`);
        return null;
      }
      const fresh = read.value.subarray(Math.min(skip, read.value.length));
      skip -= read.value.length - fresh.length;
      if (fresh.length === 0) continue;
      delivered += fresh.length;
      attempts.progress();
      return fresh;
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let broken = false;
        const part = await persistently(what, attempts, init.signal, async () => {
          if (broken) await reopen();
          broken = true;
          return await readOn();
        });
        if (part === null) controller.close();
        else controller.enqueue(part);
      },
      async cancel(reason) {
        await reader.cancel(reason).catch(() => undefined);
        control.abort(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (!response.body) throw new Passing('an empty answer came');
  return response.body.getReader();
}

/** Bytes that are to come; a compressed answer's length is not that of its content. */
function lengthOf({ headers }: Response): number | null {
  const length = headers.get('Content-Length');
  return length === null || headers.get('Content-Encoding') ? null : Number(length);
}

/** Rejects, and ends the attempt, when nothing comes for so long. */
async function inTime<T>(coming: Promise<T>, ms: number, host: string, control: AbortController): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Passing(`${host} has sent nothing for ${duration(ms / 1000)}`));
      control.abort();
    }, ms);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function isOffline(url: string): boolean {
  // A server of this machine answers without a network.
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
  return globalThis.navigator?.onLine === false && !loopback;
}
