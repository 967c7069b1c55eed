import { expect, test } from 'vitest';
import { linesOf } from '../../../src/lab/data/lines.ts';
import { source } from '../../support/source.ts';

const text = 'größer\u2028x\t日本 \u{1f600}\nlast';
const little = Buffer.from(text, 'utf16le');
const big = Buffer.from(little).swap16();

async function lines(bytes: Uint8Array, pieceLength: number): Promise<string[]> {
  const read: string[] = [];
  for await (const line of linesOf(source('a.txt', bytes, pieceLength))) read.push(line.text);
  return read;
}

test.each([
  ['little-endian', Buffer.concat([Uint8Array.of(0xff, 0xfe), little])],
  ['big-endian', Buffer.concat([Uint8Array.of(0xfe, 0xff), big])],
  ['little-endian without a mark', little],
  ['big-endian without a mark', big],
])('UTF-16, %s, is read however the stream is cut', async (_, bytes) => {
  for (const pieceLength of [1, 3, 1000]) {
    expect(await lines(bytes, pieceLength)).toEqual(['größer\u2028x\t日本 \u{1f600}', 'last']);
  }
});

test.each([
  [Uint8Array.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), 'a.txt: is UTF-32 or no text'],
  [Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x62), 'a.txt: is no whole UTF-16LE'],
  [Uint8Array.of(0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00), 'a.txt: is no whole UTF-16LE'],
])('%# what is no text is said with its encoding', async (bytes, words) => {
  await expect(lines(bytes, 3)).rejects.toThrow(words);
});
