import { expect, test } from 'vitest';
import { PlacedCounts, sentenceOfCount } from '../../../src/lab/data/dataReport.ts';

test('a count keeps the first three places and says that there are more', () => {
  const counts = new PlacedCounts();
  for (const line of [2, 5, 7, 9])
    counts.add('documents without a text, left out', `corpus.jsonl, line ${line}`);
  counts.add('judgements of missing documents, left out', 'test.tsv, line 3');
  expect(counts.list().map(sentenceOfCount)).toEqual([
    'Documents without a text, left out: 4 (corpus.jsonl, line 2; corpus.jsonl, line 5; corpus.jsonl, line 7; …).',
    'Judgements of missing documents, left out: 1 (test.tsv, line 3).',
  ]);
});
