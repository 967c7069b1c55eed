import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { loadHubCollection, loadHubSlice } from '../../../../src/lab/data/hub/load.ts';
import type { DatasetSpec } from '../../../../src/lab/spec/spec.ts';
import { fakeHub } from '../../../support/fakeHub.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines } from '../../../support/source.ts';

afterEach(() => vi.unstubAllGlobals());

const dataset: DatasetSpec = {
  source: 'hub:owner/name',
  split: 'test',
  queries: null,
  documents: null,
  excludeSelf: 'auto',
};

/** Rows of texts that do not compress to nothing, numbered from `first`. */
function corpus(first: number, rows: number): Uint8Array<ArrayBuffer> {
  const numbers = Array.from({ length: rows }, (_, at) => first + at);
  const words = (n: number): string =>
    Array.from({ length: 24 }, (_, k) => Math.imul(n * 24 + k + 1, 0x9e3779b1) >>> 0).join(' ');
  return parquet({ _id: numbers.map((n) => `d${n}`), text: numbers.map(words) }, { rowGroupSize: 200 });
}

const queries = jsonLines(
  { _id: 'q0', text: 'first' },
  { _id: 'q1', text: 'unjudged' },
  { _id: 'q2', text: 'last' },
);
const judged = { 'test.tsv': 'query-id\tcorpus-id\tscore\nq0\td3\t1\nq1\td4\t0\nq2\td11999\t1\n' };

test('of Parquet a shard reads the groups of rows that begin in its part; all together are the whole', async () => {
  const files = {
    'corpus/corpus-00000-of-00002.parquet': corpus(0, 7000),
    'corpus/corpus-00001-of-00002.parquet': corpus(7000, 5000),
    'queries.jsonl': queries,
  };
  const size = Object.entries(files).reduce(
    (sum, [name, bytes]) => (name.startsWith('corpus') ? sum + bytes.length : sum),
    0,
  );
  const repositories = { 'owner/name': files, 'owner/name-qrels': judged };
  const whole = await loadHubCollection(dataset, fakeHub(repositories).context, { seed: 1 });
  const count = 3;
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const { context, sent } = fakeHub(repositories);
    const slice = await loadHubSlice(dataset, { index, count }, context, {});
    ids.push(...slice!.collection.corpus.ids);
    expect(slice!.collection.queries).toEqual(whole.collection.queries);
    const read = [...sent].reduce((sum, [name, bytes]) => (name.includes('/corpus/') ? sum + bytes : sum), 0);
    // Besides its part the ends of both files, with their tables of contents.
    expect(read).toBeLessThan(size / count + 2 * 2 ** 19 + size / 30);
    expect(read).toBeLessThan((3 / 4) * size);
  }
  expect(ids).toEqual(whole.collection.corpus.ids);
});

test('judgements of documents of other parts are no fault', async () => {
  const { context } = fakeHub({
    'owner/name': { 'corpus.parquet': corpus(0, 400), 'queries.jsonl': queries },
    'owner/name-qrels': judged,
  });
  const second = await loadHubSlice(dataset, { index: 0, count: 2 }, context, {});
  expect(second!.warnings).toEqual([]);
  expect(second!.collection.queries.ids).toEqual(['q0', 'q2']);
  expect(second!.collection.qrels.map((grades) => [...grades])).toEqual([[[3, 1]], []]);
});

test.each<[string, Parameters<typeof fakeHub>[0][string]]>([
  [
    'a packed corpus',
    { 'corpus.jsonl.gz': gzipSync('{"_id": "d3", "text": "x"}\n'), 'queries.jsonl': queries },
  ],
  ['pairs', { 'test.parquet': parquet({ query: ['a'], answer: ['x'] }) }],
])('%s is not read in parts', async (_, files) => {
  const { context } = fakeHub({ 'owner/name': files, 'owner/name-qrels': judged });
  expect(await loadHubSlice(dataset, { index: 0, count: 2 }, context, {})).toBe(null);
});
