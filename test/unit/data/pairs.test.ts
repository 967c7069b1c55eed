import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { collectionFromPairs, trainingPairs } from '../../../src/lab/data/fromPairs.ts';
import { readPairs } from '../../../src/lab/data/readPairs.ts';
import { jsonLines, source } from '../../support/source.ts';

const head = { name: 'n', title: 'N', source: 'folder:n', split: 'all' };

test('pairs by column name, in any order, with commas and line ends inside quotes', async () => {
  const read = await readPairs(source('a.csv', 'id,Positive,Query\n1,"b, ""c""\nd",a\n2,y,x\n'));
  expect(read.kind).toBe('pairs');
  expect(read.columns).toEqual({ query: 'Query', document: 'Positive' });
  expect(read.pairs.map(({ query, positive }) => [query, positive])).toEqual([
    ['a', 'b, "c"\nd'],
    ['x', 'y'],
  ]);
});

test.each([
  ['a.tsv', 'q one\td "one\tneg\nq two\td two\tneg two\n'],
  ['a.jsonl', jsonLines(['q one', 'd "one', 'neg'], ['q two', 'd two', 'neg two'])],
  [
    'b.jsonl',
    jsonLines(
      { anchor: 'q one', positive: 'd "one', negative: 'neg' },
      { anchor: 'q two', positive: 'd two', negative: 'neg two' },
    ),
  ],
])('triplets of %s', async (name, text) => {
  const read = await readPairs(source(name, text));
  expect(read.kind).toBe('triplets');
  expect(read.pairs[0]).toEqual({ query: 'q one', positive: 'd "one', negatives: ['neg'], score: null });
  expect(trainingPairs(read)[1]).toEqual({ query: 'q two', positive: 'd two', negatives: ['neg two'] });
  const { collection } = collectionFromPairs(read, head);
  expect(collection.corpus.texts).toEqual(['d "one', 'neg', 'd two', 'neg two']);
  expect(collection.qrels.map((judged) => [...judged.keys()])).toEqual([[0], [2]]);
});

test('of scored pairs those above half of the highest score are relevant', async () => {
  const read = await readPairs(source('a.csv', 'a,b,5.0\nc,d,2.5\na,e,2.6\nf,b,0\n'));
  expect(read.kind).toBe('scored pairs');
  const { collection, warnings } = collectionFromPairs(read, head);
  expect(collection.queries.texts).toEqual(['a']);
  expect(collection.corpus.texts).toEqual(['b', 'd', 'e']);
  expect([...collection.qrels[0]!.keys()]).toEqual([0, 2]);
  expect(warnings[0]).toContain('2 of 4 pairs score 2.5 or less');
});

test.each([
  ['a.tsv', '', 'a.tsv: is empty'],
  ['a.csv', 'query,positive\n', 'a.csv: has a header but no rows'],
  ['a.tsv', 'one\n', 'a.tsv, line 1: has 1 column'],
  ['a.tsv', 'a\tb\nc\n', 'a.tsv, line 2: has 1 column where the first line has 2'],
  [
    'a.tsv',
    'a\t \n \tb\n',
    'has no rows with a query and a document; choose other columns. Rows without a query or a document, left out: 2 (a.tsv, line 1; a.tsv, line 2).',
  ],
  ['a.csv', 'query,positive,score\na,b,"1,234"\n', 'has the score "1,234", whose comma may stand'],
  [
    'a.jsonl',
    jsonLines(['a', 'b'], ['a', 'b', 'c']),
    'a.jsonl, line 2: has 3 columns where the first line has 2',
  ],
  [
    'a.jsonl',
    jsonLines({ query: 'a', answer: 'b' }, { query: 'a', answer: 'b', label: 1 }),
    'a.jsonl, line 2: has a "label"',
  ],
  ['a.json', '[{"query":"a","answer":"b"},\n]', 'a.json, line 2: has a "]" without a value before it'],
  ['a.json', '[{"query":"a","answer":"b"}', 'a.json, line 1: ends before its array does'],
  ['a.json', '[{"query":"a","answer":"b"}]\n{}', 'a.json, line 2: has more after the end of its array'],
  ['a.csv', 'a,b\n\n"c,d\n', 'a.csv, line 3: has a quotation mark that is not closed'],
  ['a.jsonl', '{"a":1}\n', 'a.jsonl, line 1: has the fields "a"'],
  ['a.jsonl', '{"query":"a"\n', 'a.jsonl, line 1: is not JSON'],
  ['a.jsonl', '3\n', 'a.jsonl, line 1: is neither an object nor an array'],
  ['a.jsonl', jsonLines({ query: 'a', positive: 3 }), 'a.jsonl, line 1: has a document that is no text'],
  ['a.csv', 'query,positive,score\na,b,high\n', 'a.csv, line 2: has the score "high"'],
  ['a.csv', 'premise,hypothesis,label\na,b,1\n', 'labels of an inference data set'],
])('%s: %j is refused', async (name, text, words) => {
  await expect(readPairs(source(name, text))).rejects.toThrow(words);
});

test('pairs without a header, scored from 0 to 5 as in STS Benchmark, make a search task as in the paper', async () => {
  const file = fileURLToPath(new URL('../../fixtures/scored-pairs/train.csv', import.meta.url));
  const read = await readPairs({ name: 'train.csv', stream: async () => (await openAsBlob(file)).stream() });
  expect(read.pairs).toHaveLength(9);
  expect(read.kind).toBe('scored pairs');
  // Scored above 2.5: lines 1, 2, 4, 6 and 9; line 6 asks as line 2 does. Line 5 is scored 2.5 exactly.
  const { collection } = collectionFromPairs(read, head);
  expect(collection.queries.texts).toEqual([
    'A heron stands in the reeds.',
    'Two men carry a ladder, slowly.',
    'The "old mill" is on fire.',
    'A girl draws a map.',
  ]);
});
