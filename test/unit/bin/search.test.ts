import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { searchFiles } from '../../../bin/search.ts';
import { floatToHalf, halfToFloat } from '../../../src/lab/formats/half.ts';
import { npyHeader, readNpy } from '../../../src/lab/formats/npy.ts';
import { freshRandom } from '../../support/random.ts';
import { cosines, searchCase } from '../../support/search.ts';

const scratch = mkdtempSync(join(tmpdir(), 'layerlab-search-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(name: string, rows: number, width: number, data: Float32Array, half = false): string {
  const file = join(scratch, name);
  const numbers = half ? Uint16Array.from(data, floatToHalf) : data;
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  writeFileSync(file, Buffer.concat([npyHeader([rows, width], half ? '<f2' : '<f4'), bytes]));
  return file;
}

const options = { k: 5, similarity: 'cosine', ties: 'document-order', threads: 2 } as const;

test('files of float16 and float32 are searched block by block as if they were one', async () => {
  // More rows than are in memory at a time, as long as each is of one number that halves hold exactly.
  const [rows, width] = [9000, 3];
  const given = searchCase(
    freshRandom(),
    { layers: 1, queries: 4, documents: rows, hiddenSize: width, k: 5 },
    null,
  );
  const vectors = given.vectors.map((value) => halfToFloat(floatToHalf(value)));
  const cut = 8500;
  const run = await searchFiles({
    ...options,
    documents: [
      write('first.npy', cut, width, vectors.subarray(0, cut * width), true),
      write('second.npy', rows - cut, width, vectors.subarray(cut * width)),
    ],
    queries: write('queries.npy', 4, width, given.options.queryVectors),
  });
  const expected = cosines({ ...given, vectors });
  const lines = run
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
  expect(lines).toHaveLength(4 * 5);
  for (const [at, [query, , document, rank, score]] of lines.entries()) {
    expect([Number(query), Number(rank)]).toEqual([Math.floor(at / 5), (at % 5) + 1]);
    const all = expected.subarray(Number(query) * rows, (Number(query) + 1) * rows);
    expect(Math.abs(all[Number(document)]! - Number(score))).toBeLessThan(1e-5);
    const best = [...all].sort((a, b) => b - a)[at % 5]!;
    expect(Math.abs(best - Number(score))).toBeLessThan(1e-5);
  }
});

test('ids stand for rows, and decide between equal scores', async () => {
  const ids = join(scratch, 'ids');
  writeFileSync(ids, 'b\na\nc\n');
  const documents = write('equal.npy', 3, 2, Float32Array.of(1, 0, 2, 0, 0, 1));
  const queries = write('one.npy', 1, 2, Float32Array.of(1, 0));
  const run = await searchFiles({ ...options, ties: 'id-ascending', documents: [documents], queries, ids });
  expect(run).toBe('0 Q0 a 1 1 search\n0 Q0 b 2 1 search\n0 Q0 c 3 0 search\n');
  const longest = await searchFiles({
    ...options,
    similarity: 'dot',
    documents: [documents],
    queries,
    ids,
    k: 1,
  });
  expect(longest).toBe('0 Q0 a 1 2 search\n');
});

test('what does not fit is said in a sentence', async () => {
  const documents = write('three.npy', 2, 3, new Float32Array(6));
  const queries = write('two.npy', 1, 2, new Float32Array(2));
  const refused = (change: Partial<Parameters<typeof searchFiles>[0]>) =>
    expect(searchFiles({ ...options, documents: [documents], queries, ...change })).rejects;
  await refused({}).toThrow(/three\.npy: has vectors of 3 numbers, and \S+two\.npy of 2;/);
  await refused({ documents: ['nowhere.npy'] }).toThrow(/^nowhere\.npy: there is no such file/);
  const ids = join(scratch, 'one id');
  writeFileSync(ids, 'a\n');
  await refused({ documents: [write('pair.npy', 2, 2, new Float32Array(4))], ids }).toThrow(
    /has 1 ids, and there are vectors of 2 documents/,
  );
  const cut = join(scratch, 'cut.npy');
  writeFileSync(cut, npyHeader([1, 2], '<f2'));
  await refused({ documents: [cut] }).toThrow(/cut\.npy: is cut off/);
  await refused({ documents: [write('cube.npy', 1, 2, new Float32Array(2)), ids] }).toThrow(
    /is not a \.npy file/,
  );
});

test('a file of halves is read as the numbers that they are', () => {
  const halves = Uint16Array.from([1, -2, 0.5, 65504], floatToHalf);
  const file = Buffer.concat([npyHeader([4], '<f2'), new Uint8Array(halves.buffer)]);
  expect([...readNpy(file, 'halves').data]).toEqual([1, -2, 0.5, 65504]);
});
