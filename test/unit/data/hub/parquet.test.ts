import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { expect, test } from 'vitest';
import { isUserError } from '../../../../src/base/userError.ts';
import { ParquetFile } from '../../../../src/lab/data/hub/parquet.ts';
import { parquet } from '../../../support/parquet.ts';

function buffer(bytes: Uint8Array<ArrayBuffer>): {
  byteLength: number;
  slice(from: number, to?: number): ArrayBuffer;
  asked: number;
} {
  const served = {
    byteLength: bytes.length,
    asked: 0,
    slice(from: number, to = bytes.length) {
      served.asked++;
      return bytes.slice(from, to).buffer;
    },
  };
  return served;
}

async function textsOf(file: ParquetFile, groups: readonly number[]): Promise<string[]> {
  const texts: string[] = [];
  for await (const { cells } of file.read(groups, ['text'])) texts.push(String(cells.text));
  return texts;
}

const texts = Array.from({ length: 40_000 }, (_, n) => `text ${n} ${Math.imul(n + 1, 0x9e3779b1) >>> 0}`);

test.each<[CompressionCodec, (bytes: Uint8Array) => Uint8Array]>([
  ['GZIP', (bytes) => gzipSync(bytes)],
  ['UNCOMPRESSED', (bytes) => bytes],
])('pages packed by %s are read', async (codec, compress) => {
  const written = parquet({ text: texts.slice(0, 50) }, { codec, compressors: { [codec]: compress } });
  const file = await ParquetFile.open('x.parquet', buffer(written));
  expect(await textsOf(file, [0])).toEqual(texts.slice(0, 50));
});

test('pages packed by zstd, in the second version of pages, are read', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('./zstd.parquet', import.meta.url)));
  const file = await ParquetFile.open('zstd.parquet', buffer(bytes));
  const queries: unknown[] = [];
  for await (const { row, cells } of file.read([0, 2], ['query'])) queries.push([row, cells.query]);
  expect(queries).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24].map((row) => [row, `query ${row}`]),
  );
  expect(await file.first(2)).toEqual([
    { query: 'query 0', positive: ' a passage of query 0, größer', negative: 'a passage of no query 0' },
    { query: 'query 1', positive: ' a passage of query 1, größer', negative: 'a passage of no query 1' },
  ]);
});

test('a small file is one request, and groups side by side are few', async () => {
  const small = buffer(parquet({ text: texts.slice(0, 500) }, { rowGroupSize: 50 }));
  expect(await textsOf(await ParquetFile.open('small.parquet', small), [0, 3, 9])).toHaveLength(150);
  expect(small.asked).toBe(1);
  const large = buffer(parquet({ text: texts, more: texts }, { rowGroupSize: 1000 }));
  const file = await ParquetFile.open('large.parquet', large);
  expect(file.groups).toHaveLength(40);
  expect(await textsOf(file, [0, 1, 2, 3])).toEqual(texts.slice(0, 4000));
  expect(large.asked).toBe(2);
  expect(await textsOf(file, [5, 7])).toEqual([...texts.slice(5000, 6000), ...texts.slice(7000, 8000)]);
  expect(large.asked).toBe(4);
});

test('the bounds of numbered columns are known, of texts not', async () => {
  const ids = texts.slice(0, 300).map((_, n) => BigInt(n * 10));
  const file = await ParquetFile.open(
    'x.parquet',
    buffer(parquet({ id: ids, text: texts.slice(0, 300) }, { rowGroupSize: 100 })),
  );
  expect(file.bounds('id')).toEqual([
    [0, 990],
    [1000, 1990],
    [2000, 2990],
  ]);
  expect(file.bounds('text')).toEqual([null, null, null]);
  expect(file.bounds('nothing')).toEqual([null, null, null]);
});

test('many pages that unpack to much are refused together, each of which would not be', {
  timeout: 60_000,
}, async () => {
  const written = parquet(
    { text: Array.from({ length: 3 }, (_, row) => String(row).repeat(40 * 2 ** 20)) },
    { codec: 'GZIP', compressors: { GZIP: (bytes) => gzipSync(bytes) }, rowGroupSize: 1 },
  );
  const file = await ParquetFile.open('bomb.parquet', buffer(written));
  expect(await textsOf(file, [0])).toHaveLength(1);
  await expect(textsOf(file, [0, 1, 2])).rejects.toThrow(
    'bomb.parquet: unpacks to more than 200 times its size',
  );
});

test('a small file that says it has millions of equal rows is refused before they are made', {
  timeout: 60_000,
}, async () => {
  const same = new Array<bigint>(1_000_000).fill(1n);
  const columns = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`c${at}`, same]));
  const written = parquet(
    { ...columns, text: new Array<string>(1_000_000).fill('a') },
    { rowGroupSize: 2 ** 20 },
  );
  expect(written.length).toBeLessThan(100_000);
  await expect(ParquetFile.open('bomb.parquet', buffer(written))).rejects.toThrow(
    'bomb.parquet: unpacks to more than 200 times its size',
  );
});

test('a page that unpacks to much is refused before it fills memory', { timeout: 60_000 }, async () => {
  const written = parquet(
    { text: ['a'.repeat(65 * 2 ** 20)] },
    { codec: 'GZIP', compressors: { GZIP: (bytes) => gzipSync(bytes) } },
  );
  expect(written.length).toBeLessThan(2 ** 20);
  const file = await ParquetFile.open('bomb.parquet', buffer(written));
  await expect(textsOf(file, [0])).rejects.toThrow('bomb.parquet: unpacks to more than 200 times its size');
});

// Found by the fuzzer: 376 bytes without the length of a page's levels, which were read for ever.
test('levels end with their page', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('./noLength.parquet', import.meta.url)));
  const file = await ParquetFile.open('noLength.parquet', buffer(bytes));
  const read = async (): Promise<number> => {
    let rows = 0;
    for await (const _ of file.read([0], file.columns)) rows++;
    return rows;
  };
  const outcome = await read().catch((error: unknown) => error);
  expect(outcome === 3 || isUserError(outcome)).toBe(true);
});
