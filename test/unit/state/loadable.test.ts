import { expect, test } from 'vitest';
import { type Loadable, latest } from '../../../src/state/loadable.ts';

test('an answer that comes after a later question is passed over', async () => {
  const taken: Loadable<string>[] = [];
  const ask = latest<string>((one) => taken.push(one));
  let answer = (_: string): void => {};
  const first = ask(
    () =>
      new Promise<string>((resolve) => {
        answer = resolve;
      }),
  );
  await ask(() => Promise.resolve('second'));
  answer('first');
  await first;
  expect(taken).toEqual([{ status: 'ready', value: 'second' }]);
});

test('asking nothing drops the answer that is awaited', async () => {
  const taken: Loadable<string>[] = [];
  const ask = latest<string>((one) => taken.push(one));
  const asked = ask(() => Promise.resolve('late'));
  await ask(null);
  await asked;
  expect(taken).toEqual([]);
});

test('what is thrown becomes its sentence', async () => {
  const taken: Loadable<string>[] = [];
  await latest<string>((one) => taken.push(one))(() => Promise.reject(new Error('It is not there.')));
  expect(taken).toEqual([{ status: 'failed', sentence: 'It is not there.' }]);
});
