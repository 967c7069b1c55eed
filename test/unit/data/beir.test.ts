import { openAsBlob } from 'node:fs';
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
    'Queries without a relevant document in this split, not measured: 1 (queries.jsonl, line 1, "q1").',
  ]);
});

test.each([
  ['[]\n', 'corpus.jsonl, line 1: is not an object'],
  [
    jsonLines({ text: 'a' }),
    'corpus.jsonl: has no row with "_id" and "text". Documents without an id, left out: 1 (corpus.jsonl, line 1).',
  ],
  [jsonLines({ _id: 'a' }), 'Documents without a text, left out: 1 (corpus.jsonl, line 1, "a").'],
  [jsonLines({ _id: 'a', text: '  ' }), 'Documents without a text, left out: 1 (corpus.jsonl, line 1, "a").'],
  ['', 'corpus.jsonl: is empty'],
])('the corpus %j is refused', async (documents, words) => {
  await expect(texts(documents)).rejects.toThrow(words);
});

test('faults that only deserve a warning are left out, counted and said with the first three places', async () => {
  const empty = ['e1', 'e2', 'e3', 'e4'].map((_id) => ({ _id, title: '', text: ' ' }));
  const documents = jsonLines(
    { _id: 'd1', text: 'one' },
    ...empty,
    { _id: 'd1', text: 'one' },
    { _id: 'd1', text: 'another' },
    { text: 'nameless' },
    { _id: 'd2', text: null, title: 'two' },
  );
  const { collection, warnings } = await judgeTexts(
    await texts(documents, jsonLines({ _id: 'q1', text: 'a' }, { _id: 'q2' }, { _id: 'q3', text: 'c' })),
    source(
      't.tsv',
      'q1\td1\t1\nq1\td1\t1\nq1\td2\t0\nq1\td2\t2\nq2\td1\t1\nq1\te4\t1\nq9\td1\t1\nq3\td1\t0\n',
    ),
    head,
  );
  expect(collection.corpus).toEqual({ ids: ['d1', 'd2'], texts: ['one', 'two'] });
  expect(collection.queries.ids).toEqual(['q1']);
  expect(collection.qrels).toEqual([
    new Map([
      [0, 1],
      [1, 2],
    ]),
  ]);
  expect(collection.counts?.rows).toEqual({ documents: 9, queries: 3, judgements: 8, pairs: 0 });
  expect(collection.counts?.unjudged).toEqual([
    {
      reason: 'queries without a relevant document in this split, not measured',
      count: 1,
      places: ['queries.jsonl, line 3, "q3"'],
    },
  ]);
  expect(warnings).toEqual([
    'Documents without an id, left out: 1 (corpus.jsonl, line 8).',
    'Documents without a text, left out: 4 (corpus.jsonl, line 2, "e1"; corpus.jsonl, line 3, "e2"; corpus.jsonl, line 4, "e3"; …).',
    'Documents with the id of one before and another text, left out: 1 (corpus.jsonl, line 7, "d1").',
    'Queries without a text, left out: 1 (queries.jsonl, line 2, "q2").',
    'Judgements of queries that are not there or have no text, left out: 2 (t.tsv, line 5, "q2"; t.tsv, line 7, "q9").',
    'Judgements of documents that are not there or have no text, left out: 1 (t.tsv, line 6, "e4").',
    'Judgements that give a pair another score than one before; the last counts: 1 (t.tsv, line 4, "q1, d2").',
    'Documents that repeat one before, merged: 1 (corpus.jsonl, line 6, "d1").',
    'Judgements that repeat one before, merged: 1 (t.tsv, line 2, "q1, d1").',
    'Queries without a relevant document in this split, not measured: 1 (queries.jsonl, line 3, "q3").',
  ]);
});

test.each([
  ['', 't.tsv: is empty'],
  ['query-id\tcorpus-id\tscore\n', 't.tsv: is empty'],
  [
    'q9\td1\t1\n',
    't.tsv: gives no query a relevant document (score above 0); check ids and scores. ' +
      'Judgements of queries that are not there or have no text, left out: 1 (t.tsv, line 1, "q9").',
  ],
  [
    'q1\td9\t1\n',
    'Judgements of documents that are not there or have no text, left out: 1 (t.tsv, line 1, "d9").',
  ],
  ['q1\td1\thigh\n', 't.tsv, line 1: has the score "high", which is no number'],
  ['q1\n', 't.tsv, line 1: has 1 column'],
  ['q1\t0\td1\t1\tx\n', 't.tsv, line 1: has 5 columns'],
  ['q1\td1\n\nq2\td1\t1\n', 't.tsv, line 3: has 3 columns where the lines before have 2'],
  ['q1\td1\t1\nq2\t0\td3\t1\n', 't.tsv, line 2: has 4 columns where the lines before have 3'],
  ['q1\td1\t0\n', 't.tsv: gives no query a relevant document'],
])('the qrels %j are refused', async (qrels, words) => {
  await expect(judgeTexts(await texts(), source('t.tsv', qrels), head)).rejects.toThrow(words);
});

test('judgements without a header, graded from 0 to 3 as by TREC, several a query', async () => {
  const folder = fileURLToPath(new URL('../../fixtures/graded-passages', import.meta.url));
  const onDisk = (path: string): NamedSource => ({
    name: path,
    stream: async () => (await openAsBlob(join(folder, path))).stream(),
  });
  const read = await readBeirTexts(onDisk('corpus.jsonl'), onDisk('queries.jsonl'));
  expect(read.corpus.ids).toHaveLength(6);
  const { collection } = await judgeTexts(read, onDisk('qrels/test.tsv'), head);
  expect(collection.queries.ids).toEqual(['19', '47']);
  expect(collection.qrels.map((judged) => [...judged])).toEqual([
    [
      [0, 1],
      [1, 3],
      [2, 0],
    ],
    [[4, 2]],
  ]);
});
