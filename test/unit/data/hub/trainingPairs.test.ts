import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import type { TrainingPair } from '../../../../src/lab/data/fromPairs.ts';
import { hubPairs as loadHubPairs } from '../../../../src/lab/data/hub/trainingPairs.ts';
import { fakeHub } from '../../../support/fakeHub.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines } from '../../../support/source.ts';

/** 25 triplets, written by pyarrow in groups of 10. */
const triplets = readFileSync(new URL('./train.parquet', import.meta.url));

afterEach(() => vi.unstubAllGlobals());

async function hubPairs(...args: Parameters<typeof loadHubPairs>): Promise<readonly TrainingPair[]> {
  return (await loadHubPairs(...args)).pairs;
}

const expected = (n: number) => ({
  query: `query ${n}`,
  positive: `a passage of query ${n}, größer`,
  negatives: [`a passage of no query ${n}`],
});

test('the files of the triplets are read one after the other', async () => {
  const { context } = fakeHub({
    'owner/name': {
      'triplet-ids/train-00000-of-00001.parquet': triplets,
      'triplet/train-00001-of-00002.parquet': triplets,
      'triplet/train-00000-of-00002.parquet': triplets,
      'triplet/test-00000-of-00001.parquet': triplets,
    },
  });
  const pairs = await hubPairs('owner/name', context, { most: Number.POSITIVE_INFINITY });
  expect(pairs).toEqual([...Array(25).keys(), ...Array(25).keys()].map(expected));
});

test.each([true, false])(
  'no more is read than is wanted, from a server that knows ranges: %s',
  async (knowsRanges) => {
    const { context, ranges } = fakeHub(
      {
        'owner/name': {
          'data/train-00000-of-00002.parquet': triplets,
          'data/train-00001-of-00002.parquet': triplets,
        },
      },
      { knowsRanges },
    );
    expect(await hubPairs('owner/name', context, { most: 13 })).toEqual([...Array(13).keys()].map(expected));
    expect([...ranges.keys()]).toEqual(['owner/name/data/train-00000-of-00002.parquet']);
  },
);

test("of the paper's collections the columns are known", async () => {
  const { context } = fakeHub({
    'sentence-transformers/simple-wiki': {
      'pair/train-00000-of-00001.parquet': parquet({ text: ['a long text'], simplified: ['a text'] }),
    },
  });
  expect(await hubPairs('sentence-transformers/simple-wiki', context, { most: 10 })).toEqual([
    { query: 'a long text', positive: 'a text', negatives: [] },
  ]);
});

test("columns may be named, and of BEIR's layout the judged pairs of the train split are taken", async () => {
  const { context } = fakeHub({
    'owner/name': { 'a/train.jsonl': jsonLines({ links: 'a', rechts: 'b' }) },
    'BeIR/scifact': {
      'corpus.jsonl.gz': gzipSync(
        jsonLines({ _id: '1', title: 't', text: 'one' }, { _id: '2', text: 'two' }),
      ),
      'queries.jsonl.gz': gzipSync(jsonLines({ _id: 'q', text: 'query' }, { _id: 'r', text: 'other' })),
    },
    'BeIR/scifact-qrels': { 'train.tsv': 'q\t1\t1\nr\t2\t0\n', 'test.tsv': 'r\t2\t1\n' },
  });
  const columns = { query: 'links', document: 'rechts' };
  expect(await hubPairs('owner/name', context, { most: 10, columns })).toEqual([
    { query: 'a', positive: 'b', negatives: [] },
  ]);
  expect(await hubPairs('BeIR/scifact', context, { most: Number.POSITIVE_INFINITY })).toEqual([
    { query: 'query', positive: 't one', negatives: [] },
  ]);
});

test.each([
  [['README.md'], 'has no Parquet, .jsonl, .csv or .tsv file'],
  [['data/test.parquet'], 'has no split "train"; it has test.'],
  [['a/train.parquet', 'b/train.parquet'], 'has the subsets a, b, and none called triplet or pair'],
])('%j is refused', async (paths, words) => {
  const { context } = fakeHub({ 'owner/name': Object.fromEntries(paths.map((path) => [path, triplets])) });
  await expect(hubPairs('owner/name', context, { most: 10 })).rejects.toThrow(words);
});

test('a file that is no Parquet is refused, and so is a name that is not there', async () => {
  const { context } = fakeHub({ 'owner/name': { 'train.parquet': 'something else altogether' } });
  await expect(hubPairs('owner/name', context, { most: 10 })).rejects.toThrow(
    'hub:owner/name@c0ffee/train.parquet: could not be read as Parquet',
  );
  await expect(hubPairs('owner/other', context, { most: 10 })).rejects.toThrow(
    'hub:owner/other@main is not there',
  );
});
