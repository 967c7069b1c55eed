import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { nodeRuntime } from '../../../bin/node/nodeRuntime.ts';
import { readThreads } from '../../../bin/threads.ts';

test('--threads is read, and models run on so many', async () => {
  const threads = readThreads('3', 'node');
  expect(threads).toBe(3);
  expect((await nodeRuntime('cpu', threads)).threadCount()).toBe(3);
});

test('without --threads there are as many as the system grants', () => {
  expect(readThreads(undefined, 'node')).toBe(availableParallelism());
});

test.each<[string, 'node' | 'browser', string]>([
  ['0', 'node', '--threads takes a whole number from 1, not "0".'],
  ['1.5', 'node', '--threads takes a whole number from 1, not "1.5".'],
  ['all', 'node', '--threads takes a whole number from 1, not "all".'],
  ['2', 'browser', '--threads belongs to Node; a browser chooses by itself, so leave it out.'],
])('--threads %s in %s is refused in a sentence', (threads, runtime, sentence) => {
  expect(() => readThreads(threads, runtime)).toThrow(sentence);
});
