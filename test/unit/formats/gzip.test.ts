import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { RowLedger } from '../../../src/lab/data/rowLedger.ts';
import { readTexts } from '../../../src/lab/data/texts.ts';
import { freeBytes, gunzip, gzip } from '../../../src/lab/formats/gzip.ts';
import { source } from '../../support/source.ts';

const bomb = new Uint8Array(gzipSync(Buffer.alloc(freeBytes + 2 ** 20, `${' '.repeat(2 ** 16)}\n`)));

test('what was packed is unpacked', async () => {
  const bytes = new TextEncoder().encode('größer');
  expect(await gunzip(await gzip(bytes), 'a.gz')).toEqual(bytes);
});

test('a small file that unpacks to much is refused before it fills memory', { timeout: 60_000 }, async () => {
  const words = 'bomb.jsonl.gz: unpacks to more than 200 times its size';
  await expect(gunzip(bomb, 'bomb.jsonl.gz')).rejects.toThrow(words);
  await expect(
    readTexts(source('bomb.jsonl.gz', bomb, 2 ** 16), 'documents', new RowLedger()),
  ).rejects.toThrow(words);
});

test('packed bytes are told by their beginning, however the stream is cut', async () => {
  const texts = await readTexts(
    source('corpus.jsonl', gzipSync('{"_id": "a", "text": "b"}\n'), 1),
    'documents',
    new RowLedger(),
  );
  expect(texts.ids).toEqual(['a']);
});
