import * as Comlink from 'comlink';
import { expect, test } from 'vitest';
import { workerCalls } from '../../../src/state/workerCalls.ts';

interface Calls {
  greet(): Promise<string>;
  never(): Promise<string>;
  fail(): Promise<string>;
}

/** Answers as comlink does, whose module a blob cannot import by name. */
const answering = `
  onmessage = ({ data: { id, path: [name] } }) => {
    if (name === 'greet') postMessage({ id, type: 'RAW', value: 'hello' });
    if (name === 'fail') throw new Error('out of memory');
  };
`;

function start(script: string): { calls: Calls; failures: () => number } {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  let failures = 0;
  const calls = workerCalls(worker, Comlink.wrap<Calls>(worker), () => {
    failures++;
  });
  return { calls: calls as unknown as Calls, failures: () => failures };
}

async function sentenceFrom(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

test('whether anything is waited for is told when it changes, also by a worker that fails', async () => {
  const url = URL.createObjectURL(new Blob([answering], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  const told: boolean[] = [];
  const calls = workerCalls(
    worker,
    Comlink.wrap<Calls>(worker),
    () => {},
    (busy) => told.push(busy),
  ) as unknown as Calls;
  await Promise.all([calls.greet(), calls.greet()]);
  expect(told).toEqual([true, false]);
  const waiting = sentenceFrom(calls.never());
  expect(told).toEqual([true, false, true]);
  await sentenceFrom(calls.fail());
  await waiting;
  expect(told).toEqual([true, false, true, false]);
});

test('a worker that fails to start rejects every pending call with one sentence', async () => {
  const { calls, failures } = start('throw new Error("no such thing");');
  const sentences = await Promise.all([sentenceFrom(calls.greet()), sentenceFrom(calls.never())]);
  expect(sentences[0]).toMatch(/^The lab’s worker did not start \(.*no such thing.*\); reload the page\.$/);
  expect(sentences[1]).toBe(sentences[0]);
  expect(await sentenceFrom(calls.greet())).toBe(sentences[0]);
  expect(failures()).toBe(1);
});

test('a worker whose script is not there says so', async () => {
  const { calls } = start(`import '${location.origin}/there-is-no-such-worker.js';`);
  expect(await sentenceFrom(calls.greet())).toMatch(/^The lab’s worker did not start/);
});

test('a worker that dies rejects what is pending, not what it answered before', async () => {
  const { calls } = start(answering);
  expect(await calls.greet()).toBe('hello');
  const pending = calls.never();
  const sentences = await Promise.all([sentenceFrom(pending), sentenceFrom(calls.fail())]);
  expect(sentences[0]).toMatch(/^The lab’s worker failed \(.*out of memory.*\); try again/);
  expect(sentences[1]).toBe(sentences[0]);
});
