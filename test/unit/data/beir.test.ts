import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type BeirTexts, judgeTexts, readBeirTexts } from '../../../src/lab/data/beir.ts';
import type { NamedSource } from '../../../src/lab/data/lines.ts';
import { jsonLines, source } from '../../support/source.ts';

const head = { name: 'n', title: 'N', source: 'folder:n', split: 'test' };
const corpus = jsonLines(
  { _id: 'd1', title: 'Cats', text: 'sleep' },
  { _id: 2, text: ' ships ', title: '' },
  { _id: 'd3', text: 'bread' },
);
const queries = jsonLines({ _id: 'q1', text: 'animals' }, { _id: 'q2', text: 'bakery' });

function texts(documents = corpus, asked = queries): Promise<BeirTexts> {
  return readBeirTexts(source('corpus.jsonl', documents), source('queries.jsonl', asked));
}

test('title and text are joined, numbers may be ids, grades are kept', async () => {
  const { collection, warnings } = await judgeTexts(
    await texts(),
    source('test.tsv', 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t2\t0\nq2\td3\t1\n'),
    head,
  );
  expect(collection.corpus).toEqual({ ids: ['d1', '2', 'd3'], texts: ['Cats sleep', 'ships', 'bread'] });
  expect(collection.qrels.map((judged) => [...judged])).toEqual([
    [
      [0, 2],
      [1, 0],
    ],
    [[2, 1]],
  ]);
  expect(warnings).toEqual([]);
});

test("qrels are read without a header, and in TREC's four columns", async () => {
  for (const qrels of ['q1\td1\t1\nq2\td3\t1\n', 'q1 0 d1 1\nq2 0 d3 1\n']) {
    const { collection } = await judgeTexts(await texts(), source('test.tsv', qrels), head);
    expect(collection.qrels.map((judged) => [...judged.keys()])).toEqual([[0], [2]]);
  }
});

test('a query without a relevant document is left out and named', async () => {
  const { collection, warnings } = await judgeTexts(await texts(), source('t.tsv', 'q2\td3\t1\n'), head);
  expect(collection.queries.ids).toEqual(['q2']);
  expect(warnings).toEqual([
    'queries.jsonl, line 1: the query "q1" has no relevant document in t.tsv; it is left out. Add judgements to measure it.',
  ]);
});

test.each([
  ['[]\n', 'corpus.jsonl, line 1: is not an object'],
  [jsonLines({ text: 'a' }), 'corpus.jsonl, line 1: has no "_id"'],
  [jsonLines({ _id: 'a' }), 'corpus.jsonl, line 1: "a" has no "text"'],
  [jsonLines({ _id: 'a', text: '  ' }), 'corpus.jsonl, line 1: "a" has an empty text'],
  [jsonLines({ _id: 'a', text: 'x' }, { _id: 'a', text: 'y' }), 'line 2: "a" is also the id of line 1'],
  ['', 'corpus.jsonl: is empty'],
])('the corpus %j is refused', async (documents, words) => {
  await expect(texts(documents)).rejects.toThrow(words);
});

test.each([
  ['', 't.tsv: is empty'],
  ['query-id\tcorpus-id\tscore\n', 't.tsv: is empty'],
  ['q9\td1\t1\n', 't.tsv, line 1: names the query "q9", which is not in queries.jsonl'],
  ['q1\td9\t1\n', 't.tsv, line 1: names the document "d9", which is not in corpus.jsonl'],
  ['q1\td1\thigh\n', 't.tsv, line 1: has the score "high", which is no number'],
  ['q1\td1\n', 't.tsv, line 1: has 2 columns'],
  ['q1\td1\t1\nq2\t0\td3\t1\n', 't.tsv, line 2: has 4 columns where the lines before have 3'],
  ['q1\td1\t1\nq1\td1\t2\n', 't.tsv, line 2: gives "d1" the score 2'],
  ['q1\td1\t0\n', 't.tsv: gives no query a relevant document'],
])('the qrels %j are refused', async (qrels, words) => {
  await expect(judgeTexts(await texts(), source('t.tsv', qrels), head)).rejects.toThrow(words);
});

const shared = fileURLToPath(new URL('../../../../shared/data/msmarco-sample', import.meta.url));
const onDisk = (path: string): NamedSource => ({
  name: path,
  stream: async () => (await openAsBlob(join(shared, path))).stream(),
});

test.skipIf(!existsSync(shared))(
  'MS MARCO passages with graded TREC judgements are read (../shared/data/msmarco-sample)',
  async () => {
    const read = await readBeirTexts(onDisk('corpus.jsonl'), onDisk('queries.jsonl'));
    expect(read.corpus.ids).toHaveLength(5000);
    expect(read.queries.ids).toHaveLength(50);
    const { collection } = await judgeTexts(read, onDisk('qrels/test.tsv'), head);
    const grades = new Set(collection.qrels.flatMap((judged) => [...judged.values()]));
    expect([...grades].sort()).toEqual([1, 2, 3]);
    const relevant = collection.qrels.map(
      (judged) => [...judged.values()].filter((grade) => grade > 0).length,
    );
    expect(Math.max(...relevant)).toBeGreaterThan(1);
  },
);
