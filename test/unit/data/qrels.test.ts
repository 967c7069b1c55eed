import { expect, test } from 'vitest';
import { judgementsOf } from '../../../src/lab/data/qrels.ts';
import { source } from '../../support/source.ts';

async function read(text: string, path = 'test.tsv'): Promise<(string | number)[][]> {
  const all: (string | number)[][] = [];
  for await (const { query, document, grade } of judgementsOf(source(path, text))) {
    all.push([query, document, grade]);
  }
  return all;
}

test.each([
  ['columns by their names, in any order', 'docid\trelevance\tqid\nd\t2\tq\n', 'test.tsv'],
  ["TREC's header", 'topic iter docno rel\nq 0 d 2\n', 'test.txt'],
  ['ids that are names of columns', 'query\td\t2\n', 'test.tsv'],
  ['quoted cells', '"query-id","corpus-id","score"\n"q","d","2"\n', 'test.csv'],
  ['semicolons', 'query-id;corpus-id;score\nq;d;2,0\n', 'test.csv'],
  ['commas in a .tsv', 'q,d,2\n', 'test.tsv'],
  ['a separator at the end of each line', 'q\td\t2\t\n', 'test.tsv'],
])('%s', async (what, text, path) => {
  const [[query, document, grade] = []] = await read(text, path);
  expect([query, document, grade]).toEqual([what.startsWith('ids') ? 'query' : 'q', 'd', 2]);
});

test('without grades every judgement is relevant', async () => {
  expect(await read('query-id\tcorpus-id\nq1\td1\nq2\td2\n')).toEqual([
    ['q1', 'd1', 1],
    ['q2', 'd2', 1],
  ]);
});

test('ids keep their spaces where tabs part the cells', async () => {
  expect(await read('a b\tc\u3000d\t1\n')).toEqual([['a b', 'c\u3000d', 1]]);
});
