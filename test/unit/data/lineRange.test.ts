import { expect, test } from 'vitest';
import { isSplittable, lineRange, type RangedFile } from '../../../src/lab/data/lineRange.ts';
import { linesOf } from '../../../src/lab/data/lines.ts';
import { shardRows } from '../../../src/lab/data/shard.ts';

interface CountedFile extends RangedFile {
  /** Bytes that were asked for. */
  read: number;
}

function fileOf(content: string | Uint8Array): CountedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name: 'corpus.jsonl',
    byteLength: bytes.length,
    read: 0,
    slice(from, to) {
      this.read += to - from;
      return Promise.resolve(new Uint8Array(bytes.subarray(from, to)).buffer);
    },
  };
}

async function textsOf(file: RangedFile, range: readonly [number, number], block: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of linesOf(lineRange(file, range, { block, behind: 4 }))) texts.push(text);
  return texts;
}

const lineLists: Readonly<Record<string, string>> = {
  'lines of many lengths': 'a\nbb\n\nccc ccc ccc ccc\nd\né ü ß\n',
  'no line end at the end': 'a\nbb\nlast',
  'line ends of two bytes': 'a\r\nbb\r\n\r\nccc\r\n',
  'one line longer than its parts': `a\n${'b'.repeat(40)}\nc\n`,
  'carriage returns alone, a line for the first part': 'a\rb\rc\r',
  nothing: '',
};

test.each(Object.entries(lineLists))('%s: all parts together have each line once', async (_, content) => {
  const whole: string[] = [];
  const file = fileOf(content);
  for await (const { text } of linesOf(lineRange(file, [0, file.byteLength]))) whole.push(text);
  for (const count of [1, 2, 3, 7, 50]) {
    for (const block of [1, 3, 1000]) {
      const parts: string[] = [];
      for (let index = 0; index < count; index++) {
        parts.push(...(await textsOf(file, shardRows(file.byteLength, { index, count }), block)));
      }
      expect(parts, `${count} parts, blocks of ${block}`).toEqual(whole);
    }
  }
});

test('a part reads its own bytes, the one before, and the end of its last line', async () => {
  const file = fileOf('123456789\n'.repeat(1000));
  for (let index = 0; index < 8; index++) {
    file.read = 0;
    await textsOf(file, shardRows(file.byteLength, { index, count: 8 }), 64);
    expect(file.read).toBeGreaterThanOrEqual(1250);
    expect(file.read).toBeLessThanOrEqual(1250 + 1 + 12);
  }
});

test('a problem says which bytes its lines are counted from', async () => {
  const file = fileOf(Uint8Array.of(0x61, 0x0a, 0x62, 0x0a, 0xff, 0x0a));
  await expect(textsOf(file, [2, 6], 100)).rejects.toThrow(
    'corpus.jsonl (behind byte 2), line 2: is not UTF-8',
  );
});

test.each<[boolean, string, string | Uint8Array]>([
  [true, 'JSON Lines', '{"_id": "a"}\n'],
  [true, 'JSON Lines behind a byte order mark', '\ufeff{"_id": "a"}\n'],
  [true, 'an empty file', ''],
  [false, 'a JSON array', ' [\n{"_id": "a"}]'],
  [false, 'gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
  [false, 'UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
  [false, 'UTF-16 without a byte order mark', Uint8Array.of(0x7b, 0, 0x22, 0)],
])('%s: %s can be read in parts', async (expected, _, content) => {
  expect(await isSplittable(fileOf(content))).toBe(expected);
});
