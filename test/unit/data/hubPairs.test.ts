import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { hubPairs } from '../../../src/lab/data/hubPairs.ts';

const parquet = readFileSync(new URL('./train.parquet', import.meta.url));
const context = { base: '', hub: 'https://hub.test', folders: new Map() };

afterEach(() => vi.unstubAllGlobals());

/** A hub with one data set; every file is the same. @returns ranges that were asked for, by path */
function servedHub(
  paths: readonly string[],
  content: Uint8Array = parquet,
  knowsRanges = true,
): Map<string, string[]> {
  const asked = new Map<string, string[]>();
  const answer = (url: string, range: string | null): Response => {
    if (url === 'https://hub.test/api/datasets/owner/name/revision/main')
      return Response.json({ sha: 'abc' });
    if (url === 'https://hub.test/api/datasets/owner/name/tree/abc?recursive=true') {
      return Response.json([
        { type: 'directory', path: 'triplet' },
        ...paths.map((path) => ({ type: 'file', path, size: content.length })),
      ]);
    }
    const path = /^https:\/\/hub\.test\/datasets\/owner\/name\/resolve\/abc\/(.+)$/.exec(url)?.[1];
    const bounds = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
    if (path === undefined || !paths.includes(path) || !bounds) return new Response(null, { status: 404 });
    asked.set(path, [...(asked.get(path) ?? []), bounds[0]]);
    if (!knowsRanges) return new Response(new Uint8Array(content));
    return new Response(content.slice(Number(bounds[1]), Number(bounds[2]) + 1), { status: 206 });
  };
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) =>
    Promise.resolve(answer(url, new Headers(init.headers).get('Range'))),
  );
  return asked;
}

const expected = (n: number) => ({
  query: `query ${n}`,
  positive: `a passage of query ${n}, größer`,
  negatives: [`a passage of no query ${n}`],
});

test('the files of the triplets are read one after the other', async () => {
  const paths = ['triplet-ids/train-00000-of-00001.parquet', 'triplet/train-00001-of-00002.parquet'];
  servedHub([...paths, 'triplet/train-00000-of-00002.parquet', 'triplet/test-00000-of-00001.parquet']);
  const pairs = await hubPairs('owner/name', context, Number.POSITIVE_INFINITY);
  expect(pairs).toEqual([...Array(25).keys(), ...Array(25).keys()].map(expected));
});

test.each([true, false])(
  'no more is read than is wanted, from a server that knows ranges: %s',
  async (knows) => {
    const asked = servedHub(
      ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
      parquet,
      knows,
    );
    expect(await hubPairs('owner/name', context, 13)).toEqual([...Array(13).keys()].map(expected));
    expect([...asked.keys()]).toEqual(['data/train-00000-of-00002.parquet']);
  },
);

test.each([
  [['README.md'], 'has no Parquet file of a train split'],
  [['a/train.parquet', 'b/train.parquet'], 'has the subsets a, b, and none called triplet or pair'],
])('%j is refused', async (paths, words) => {
  servedHub(paths);
  await expect(hubPairs('owner/name', context, 10)).rejects.toThrow(words);
});

test('a file that is no Parquet is refused, and so is a name that is not there', async () => {
  servedHub(['train.parquet'], new TextEncoder().encode('something else altogether'));
  await expect(hubPairs('owner/name', context, 10)).rejects.toThrow(
    'hub:owner/name@abc/train.parquet: could not be read as Parquet',
  );
  await expect(hubPairs('owner/other', context, 10)).rejects.toThrow('hub:owner/other@main is not there');
});
