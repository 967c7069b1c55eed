import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { understand } from '../../../src/lab/data/understand.ts';
import { parquet } from '../../support/parquet.ts';
import { jsonLines, source } from '../../support/source.ts';

const corpus = source('corpus.jsonl', jsonLines({ _id: 'd1', text: 'one' }, { _id: 'd2', text: 'two' }));
const queries = source('queries.jsonl', jsonLines({ _id: 'q1', text: 'first' }));

test('a BEIR folder with several splits shows its test split and loads the others', async () => {
  const { preview, load } = await understand('mine', [
    corpus,
    queries,
    source('qrels/train.tsv', 'q1\td2\t1\n'),
    source('qrels/test.tsv', 'q1\td1\t1\n'),
    source('.DS_Store', 'x'),
  ]);
  expect(preview).toMatchObject({
    name: 'mine',
    kind: 'beir',
    queries: 1,
    documents: 2,
    split: 'test',
    examples: [{ query: 'first', document: 'one' }],
  });
  const { collection } = await load('train');
  expect([...collection.qrels[0]!.keys()]).toEqual([1]);
  await expect(load('dev')).rejects.toThrow('"mine" has no split "dev"; it has train, test.');
});

test('loose files make the same collection, in whatever folder they lie', async () => {
  const { preview } = await understand('mine', [
    { ...corpus, path: 'deep/corpus.jsonl' },
    { ...queries, path: 'deep/queries.jsonl' },
    source('deep/qrels.tsv', 'q1\td1\t1\n'),
  ]);
  expect(preview.kind).toBe('beir');
});

test('pair files named by split are the splits of one collection', async () => {
  const { preview } = await understand('mine', [source('train.tsv', 'a\tb\n'), source('test.tsv', 'c\td\n')]);
  expect(preview.splits).toEqual(['train', 'test']);
  expect(preview.split).toBe('test');
  expect(preview.examples).toEqual([{ query: 'c', document: 'd' }]);
});

test.each([
  [[], 'holds no file'],
  [[corpus], 'has no queries.jsonl and no qrels/test.tsv'],
  [[source('a.png', 'x')], 'is of no kind that the lab reads'],
  [[source('config.json', '{}')], 'looks like a model folder'],
  [[source('a.tsv', 'a\tb\n'), source('b.tsv', 'a\tb\n')], 'holds 2 files of pairs (a.tsv, b.tsv)'],
])('what is no collection is refused (%#)', async (files, words) => {
  await expect(understand('mine', files)).rejects.toThrow(words);
});

test('packed files, and Parquet files as the hub names them, are read as they are', async () => {
  const packed = await understand('packed', [
    source('corpus.jsonl.gz', gzipSync(jsonLines({ _id: 'd', text: 'bread' }))),
    source('queries.jsonl.gz', gzipSync(jsonLines({ _id: 'q', text: 'bakery' }))),
    source('qrels/dev.tsv.gz', gzipSync('q\td\t1\n')),
  ]);
  expect(packed.preview).toMatchObject({ kind: 'beir', queries: 1, documents: 1, split: 'dev' });

  const { preview, load } = await understand('pairs', [
    source('train-00000-of-00001.parquet', parquet({ question: ['a', ' '], answer: ['x', 'y'] })),
    source('test.csv.gz', gzipSync('question,answer\nb,z\n')),
  ]);
  expect(preview).toMatchObject({ kind: 'pairs', splits: ['train', 'test'], split: 'test' });
  const { collection, warnings } = await load('train');
  expect([collection.queries.texts, collection.corpus.texts]).toEqual([['a'], ['x']]);
  expect(warnings).toEqual([
    'Rows without a query or a document, left out: 1 (train-00000-of-00001.parquet, line 2).',
  ]);

  await expect(
    understand('cut', [source('pairs.tsv.gz', gzipSync('a\tb\n'.repeat(500)).subarray(0, 20))]),
  ).rejects.toThrow('pairs.tsv.gz: could not be unpacked; it is cut off or no gzip');
});

test('rows without a text are said of training pairs too', async () => {
  const { trainingPairs } = await understand('mine', [source('train.tsv', 'a\tb\nc\t \n')]);
  expect(await trainingPairs('all')).toEqual({
    pairs: [{ query: 'a', positive: 'b', negatives: [] }],
    warnings: ['Rows without a query or a document, left out: 1 (train.tsv, line 2).'],
  });
});
