import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { indexedPng } from '../../../scripts/indexedPng.ts';

function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
}

test('colours of a small picture come back in their places, the most frequent first', () => {
  const [red, blue] = [
    [200, 0, 0, 255],
    [0, 0, 180, 255],
  ];
  const chunks = chunksOf(
    indexedPng(Uint8Array.from([red, blue, blue, blue, red, blue].flatMap((c) => c!)), 3, 2),
  );
  expect([...chunks.get('IHDR')!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
  expect([...chunks.get('PLTE')!]).toEqual([0, 0, 180, 200, 0, 0]);
  expect([...inflateSync(chunks.get('IDAT')!)]).toEqual([0, 1, 0, 0, 0, 0, 1, 0]);
});

test('a colour beyond the palette takes the nearest of it', () => {
  // 256 greys and colours, each twice, and one that occurs once: 1 away from the grey of 100.
  const colours = Array.from({ length: 256 }, (_, n) => [n, n, n, 255]);
  const pixels = [...colours, ...colours, [100, 101, 100, 255]];
  const chunks = chunksOf(indexedPng(Uint8Array.from(pixels.flat()), 513, 1));
  const palette = chunks.get('PLTE')!;
  const last = inflateSync(chunks.get('IDAT')!).at(-1)!;
  expect([...palette.subarray(3 * last, 3 * last + 3)]).toEqual([100, 100, 100]);
});
