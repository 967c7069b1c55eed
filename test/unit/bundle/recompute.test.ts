import { expect, test } from 'vitest';
import { recompute } from '../../../src/lab/bundle/recompute.ts';

const line = (query: string, document: string, rank: number): string =>
  `${query} Q0 ${document} ${rank} 0.5 x\n`;

test('by hand: a first, a third, an eleventh, and one not ranked', () => {
  const run = [
    line('a', 'd1', 1),
    line('b', 'd9', 1),
    line('b', 'd8', 2),
    line('b', 'd2', 3),
    line('c', 'd3', 11),
  ].join('');
  const qrels = 'a 0 d1 2\na 0 d7 0\nb 0 d2 1\nb 0 d9 0\nc 0 d3 1\nd 0 d4 1\ne 0 d5 0\n';
  const found = recompute(run, qrels, 'x.trec');
  expect(found['hits@10']).toBe(2 / 4);
  expect(found['mrr@10']).toBeCloseTo((1 + 1 / 3) / 4, 12);
});

test('a line that is none is named', () => {
  expect(() => recompute('a Q0 d1\n', 'a 0 d1 1\n', 'x.trec')).toThrow(
    'x.trec, line 1: has 3 fields where 6',
  );
  expect(() => recompute('', 'a 0 d1 0\n', 'x.trec')).toThrow('without a relevant document');
});
