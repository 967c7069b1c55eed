import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { hubEntries } from '../../../../src/lab/data/hub/entries.ts';
import { downloadBytes, expectedCollection } from '../../../../src/lab/data/hub/expect.ts';
import { hubSourceOf } from '../../../../src/lab/data/hub/id.ts';
import { previewHub } from '../../../../src/lab/data/hub/preview.ts';
import { fakeHub } from '../../../support/fakeHub.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines } from '../../../support/source.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['owner/name', 'hub:owner/name'],
  [' owner/name@v1.0 ', 'hub:owner/name@v1.0'],
  ['hub:owner/name@refs/convert/parquet', 'hub:owner/name@refs/convert/parquet'],
  ['https://huggingface.co/datasets/owner/name', 'hub:owner/name'],
  ['mirror.example/datasets/owner/na.me_2/', 'hub:owner/na.me_2'],
])('%s means %s', (text, source) => {
  expect(hubSourceOf(text)).toBe(source);
});

test.each(['', 'name', 'owner/name/more', 'two words/name', 'https://huggingface.co/owner/name'])(
  '"%s" is no id',
  (text) => {
    expect(() => hubSourceOf(text)).toThrow('as sentence-transformers/quora-duplicates.');
  },
);

const many = Array.from({ length: 30_000 }, (_, n) => `text ${Math.imul(n + 1, 0x9e3779b1) >>> 0}`);

test('subsets, splits, columns and the first rows are shown, of a long file only its beginning', async () => {
  const { context, sent } = fakeHub({
    'owner/name': {
      'README.md': '',
      'pair/train-00000-of-00001.parquet': parquet(
        {
          question: many,
          number: many.map((_, n) => BigInt(n)),
          answer: many.map((text) => text.repeat(20)),
        },
        { rowGroupSize: 30_000 },
      ),
      'pair/dev-00000-of-00001.parquet': parquet({ question: ['q'], number: [1n], answer: ['a'] }),
      'other/train.jsonl.gz': gzipSync(jsonLines({ left: 'a', right: { deep: [1] } })),
    },
  });
  const preview = await previewHub('hub:owner/name', { split: 'train' }, context);
  expect(preview).toMatchObject({
    source: 'hub:owner/name@c0ffee',
    kind: 'pairs',
    subsets: ['other', 'pair'],
    subset: 'pair',
    splits: ['dev', 'train'],
    split: 'train',
    columns: ['question', 'number', 'answer'],
    total: 30_000,
    guess: { query: 'question', document: 'answer', score: null },
  });
  expect(preview.rows).toHaveLength(4);
  expect(preview.rows[1]!.slice(0, 2)).toEqual([many[1], '1']);
  expect(preview.rows[1]![2]).toMatch(/^text \d+.*…$/);
  expect(sent.get('owner/name/pair/train-00000-of-00001.parquet')).toBeLessThan(1.5e6);

  expect(await previewHub('hub:owner/name', {}, context)).toMatchObject({ split: 'dev' });
  expect(await previewHub('hub:owner/name', { subset: 'other' }, context)).toMatchObject({
    split: 'train',
    columns: ['left', 'right'],
    rows: [['a', '{"deep":[1]}']],
    total: null,
    guess: null,
  });
});

test("of BEIR's layout the judged splits are shown", async () => {
  const { context } = fakeHub({
    'BeIR/fiqa': { 'corpus.jsonl.gz': '', 'queries.jsonl.gz': '' },
    'BeIR/fiqa-qrels': { 'dev.tsv': '', 'test.tsv': '', 'train.tsv': '' },
  });
  expect(await previewHub('hub:BeIR/fiqa', {}, context)).toMatchObject({
    kind: 'beir',
    splits: ['dev', 'test', 'train'],
    split: 'dev',
  });
});

test('a sample is expected to download no more than all, and packed lines are all or nothing', () => {
  for (const entry of hubEntries) {
    const whole = downloadBytes(entry, { queries: null, documents: null });
    const sample = downloadBytes(entry, { queries: 100, documents: 10_000 });
    expect(whole).toBe(entry.size.bytes);
    if (whole === null || sample === null) continue;
    expect(sample).toBeLessThanOrEqual(whole);
    if (!entry.size.ranges) expect(sample).toBe(whole);
  }
  const dataset = { split: 'train', queries: null, documents: 100_000 };
  const gooaq = expectedCollection({ source: 'hub:sentence-transformers/gooaq@main', ...dataset });
  expect(gooaq?.bytes).toBeLessThan(614e6 / 20);
  expect(expectedCollection({ source: 'hub:owner/name', ...dataset })).toMatchObject({
    documents: 100_000,
    bytes: null,
  });
  expect(expectedCollection({ source: 'bundled:foldoc', ...dataset })).toBeNull();
});
