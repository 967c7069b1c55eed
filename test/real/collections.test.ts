import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterEach, expect, test, vi } from 'vitest';
import { judgeTexts, readBeirTexts } from '../../src/lab/data/beir.ts';
import { collectionFromPairs } from '../../src/lab/data/fromPairs.ts';
import { loadHubCollection } from '../../src/lab/data/hub/load.ts';
import { readPairs } from '../../src/lab/data/readPairs.ts';
import { type DroppedSource, understand } from '../../src/lab/data/understand.ts';
import { fakeHub } from '../support/fakeHub.ts';
import { parquet } from '../support/parquet.ts';
import { realData } from '../support/realData.ts';

const data = realData();
const head = { name: 'n', title: 'N', source: 'folder:n' };

afterEach(() => vi.unstubAllGlobals());

function dropped(folder: string, paths: readonly string[]): DroppedSource[] {
  return paths.map((path) => ({
    name: path,
    path,
    stream: async () => (await openAsBlob(join(data, folder, path))).stream(),
  }));
}

test('a sample of MS MARCO is one collection, dropped as a folder or read from the hub', async () => {
  const paths = ['corpus.jsonl', 'queries.jsonl', 'qrels/test.tsv'];
  const { preview, load } = await understand('msmarco-sample', dropped('msmarco-sample', paths));
  const relevant = readFileSync(join(data, 'msmarco-sample/qrels/test.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, , grade]) => Number(grade) > 0);
  const queries = new Set(relevant.map(([query]) => query)).size;
  expect(preview).toMatchObject({ kind: 'beir', split: 'test', queries, documents: 5000 });

  const files = paths.map((path) => [path, readFileSync(join(data, 'msmarco-sample', path))] as const);
  const { context } = fakeHub({ 'owner/msmarco-sample': Object.fromEntries(files) });
  const dataset = { source: 'hub:owner/msmarco-sample', split: 'test', queries: null, documents: null };
  const fromFiles = await load('test');
  const fromHub = await loadHubCollection(dataset, context, { seed: 1 });
  for (const part of ['corpus', 'queries', 'qrels'] as const) {
    expect(fromHub.collection[part]).toEqual(fromFiles.collection[part]);
  }
  expect(
    fromHub.collection.qrels.flatMap((judged) => [...judged.values()]).filter((grade) => grade > 0),
  ).toHaveLength(relevant.length);
});

test('the STS benchmark is one collection, dropped as .csv or read from the hub', async () => {
  const { preview, load } = await understand('stsb', dropped('stsb', ['train.csv', 'dev.csv', 'test.csv']));
  expect(preview).toMatchObject({ kind: 'scored pairs', splits: ['train', 'dev', 'test'] });
  const fromFiles = await load('train');

  // As sentence-transformers/stsb was made: "dividing the score by 5".
  const { data: rows } = Papa.parse<string[]>(readFileSync(join(data, 'stsb/train.csv'), 'utf8').trimEnd());
  expect(rows).toHaveLength(5749);
  const { context } = fakeHub({
    'sentence-transformers/stsb': {
      'data/train-00000-of-00001.parquet': parquet({
        sentence1: rows.map(([first]) => first!),
        sentence2: rows.map(([, second]) => second!),
        score: rows.map(([, , score]) => Number(score) / 5),
      }),
    },
  });
  const dataset = {
    source: 'hub:sentence-transformers/stsb',
    split: 'train',
    queries: null,
    documents: null,
  };
  const fromHub = await loadHubCollection(dataset, context, { seed: 1 });
  for (const part of ['corpus', 'queries', 'qrels'] as const) {
    expect(fromHub.collection[part]).toEqual(fromFiles.collection[part]);
  }
  const above = rows.filter(([, , score]) => Number(score) > 2.5);
  expect(fromHub.collection.queries.texts).toEqual([...new Set(above.map(([first]) => first!.trim()))]);
});

test('MS MARCO passages with graded TREC judgements are read', async () => {
  const onDisk = (path: string) => dropped('msmarco-sample', [path])[0]!;
  const read = await readBeirTexts(onDisk('corpus.jsonl'), onDisk('queries.jsonl'));
  expect(read.corpus.ids).toHaveLength(5000);
  expect(read.queries.ids).toHaveLength(50);
  const { collection } = await judgeTexts(read, onDisk('qrels/test.tsv'), { ...head, split: 'test' });
  const grades = new Set(collection.qrels.flatMap((judged) => [...judged.values()]));
  expect([...grades].sort()).toEqual([1, 2, 3]);
  const relevant = collection.qrels.map((judged) => [...judged.values()].filter((grade) => grade > 0).length);
  expect(Math.max(...relevant)).toBeGreaterThan(1);
});

test('STS Benchmark makes a search task as in the paper', async () => {
  const [train] = dropped('stsb', ['train.csv']);
  const read = await readPairs(train!);
  expect(read.pairs).toHaveLength(5749);
  expect(read.kind).toBe('scored pairs');
  const { collection } = collectionFromPairs(read, { ...head, split: 'all' });
  const relevant = new Set(read.pairs.filter(({ score }) => score! > 2.5).map(({ query }) => query));
  expect(collection.queries.texts).toHaveLength(relevant.size);
});
