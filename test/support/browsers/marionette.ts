import { connect, type Socket } from 'node:net';
import { BrowserGone } from './visitor.ts';
import type { Send } from './webDriver.ts';

type Answer = readonly [
  type: 1,
  id: number,
  error: { readonly error: string; readonly message: string } | null,
  result: unknown,
];

/** Marionette wraps what is no object into one. */
function unwrapped(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const keys = Object.keys(result);
  return keys.length === 1 && keys[0] === 'value' ? (result as { value: unknown }).value : result;
}

/**
 * Firefox's own protocol, which geckodriver only translates: WebDriver's commands over TCP. A message is its length
 * in bytes, a colon, and JSON; the first one is a greeting.
 */
export async function connectMarionette(port: number): Promise<{ send: Send; end: () => void }> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(port, '127.0.0.1', () => resolve(opening));
    opening.once('error', reject);
  });
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let gone = false;
  const end = (): void => {
    gone = true;
    for (const { reject } of waiting.values()) reject(new BrowserGone('Firefox has ended.'));
    waiting.clear();
    socket.destroy();
  };
  let buffer = Buffer.alloc(0);
  let greeted: () => void = () => {};
  const greeting = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  const take = (text: string): void => {
    const message = JSON.parse(text) as unknown;
    if (!Array.isArray(message)) {
      greeted();
      return;
    }
    const answer = message as unknown as Answer;
    waiting.get(answer[1])?.resolve(answer);
    waiting.delete(answer[1]);
  };
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const colon = buffer.indexOf(':');
      if (colon < 0) return;
      const stop = colon + 1 + Number(buffer.toString('latin1', 0, colon));
      if (buffer.length < stop) return;
      const text = buffer.toString('utf8', colon + 1, stop);
      buffer = buffer.subarray(stop);
      take(text);
    }
  });
  socket.on('error', end);
  socket.on('close', end);
  await greeting;

  let last = 0;
  const send: Send = async (command, parameters) => {
    if (gone) throw new BrowserGone('Firefox has ended.');
    const id = ++last;
    const message = Buffer.from(JSON.stringify([0, id, `WebDriver:${command}`, parameters]));
    socket.write(Buffer.concat([Buffer.from(`${message.length}:`), message]));
    const [, , error, result] = await new Promise<Answer>((resolve, reject) =>
      waiting.set(id, { resolve, reject }),
    );
    if (error) throw new Error(`${command}: ${error.error} ${error.message}`);
    return unwrapped(result);
  };
  return { send, end };
}
