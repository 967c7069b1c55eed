import { expect, test } from 'vitest';
import { linesOf, longestLine } from '../../../src/lab/data/lines.ts';
import { recordsOf } from '../../../src/lab/data/records.ts';
import { source } from '../../support/source.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

test('lines are the same however the stream is cut', async () => {
  const text = '\ufefferste Zeile é\r\n\n日本語 \u{1f600}\nlast';
  for (const pieceLength of [1, 2, 3, 7, 1000]) {
    expect(await all(linesOf(source('a.txt', text, pieceLength)))).toEqual([
      { text: 'erste Zeile é', number: 1 },
      { text: '', number: 2 },
      { text: '日本語 \u{1f600}', number: 3 },
      { text: 'last', number: 4 },
    ]);
  }
});

test('an empty file has no lines', async () => {
  expect(await all(linesOf(source('a.txt', '')))).toEqual([]);
});

test('bytes that are not UTF-8 are said with their line', async () => {
  const bytes = Uint8Array.of(0x61, 0x0a, 0xc3, 0x28, 0x0a);
  await expect(all(linesOf(source('a.txt', bytes)))).rejects.toThrow('a.txt, line 2: is not UTF-8');
});

test('a line that is too long is refused without being read to its end', async () => {
  const piece = new Uint8Array(2 ** 20).fill(0x61);
  let given = 0;
  let cancelled = false;
  const endless = {
    name: 'endless.jsonl',
    stream: () =>
      Promise.resolve(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            given += piece.length;
            controller.enqueue(piece);
          },
          cancel() {
            cancelled = true;
          },
        }),
      ),
  };
  await expect(all(linesOf(endless))).rejects.toThrow('endless.jsonl, line 1: is longer than 16 MiB');
  expect(given).toBeLessThan(longestLine + 4 * piece.length);
  expect(cancelled).toBe(true);
});

test('records pass over blank lines and name a line that is not JSON', async () => {
  expect(await all(recordsOf(source('a.jsonl', '{"a":1}\n\n[2]\n')))).toEqual([
    { value: { a: 1 }, line: 1 },
    { value: [2], line: 3 },
  ]);
  await expect(all(recordsOf(source('a.jsonl', '1\nx\n')))).rejects.toThrow('a.jsonl, line 2: is not JSON');
});
