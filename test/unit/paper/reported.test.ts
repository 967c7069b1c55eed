import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { paperColumn, paperValue, reported, reportedSchema } from '../../../src/lab/paper/reported.ts';

test('the app carries the paper’s figures as they were copied from it', () => {
  // Of the file that was copied from the paper, by this schema and without blanks.
  const copied = '0c517f633f2a9b59daf01c6578eb89e52cd3de6a3c721338df5095245976807f';
  const carried = JSON.stringify(reportedSchema.parse(reported));
  expect(createHash('sha256').update(carried).digest('hex')).toBe(copied);
});

test('every figure of Table 1 stands in the paper’s text', () => {
  const paper = readFileSync(new URL('../../fixtures/paper.md', import.meta.url), 'utf8');
  for (const row of reported.table1) {
    const line = paper.split('\n').find((text) => text.startsWith(`${row.dataset} |`));
    const { retrieve, 'retrieve+rerank': reranked } = row;
    const cells = [
      ...(['hits@10', 'mrr@10'] as const).flatMap((metric) => [
        retrieve[metric].baseline,
        retrieve[metric]['de-2-rand'],
        retrieve[metric]['de-2-ce'],
      ]),
      ...(['hits@10', 'mrr@10'] as const).flatMap((metric) => [
        reranked[metric].baseline,
        reranked[metric]['de-2-ce'],
      ]),
    ];
    expect(line?.replace(/[\s|]+$/, '')).toBe(
      `${[row.dataset, ...cells.map((cell) => cell.toFixed(2)), `${row.speedup.toFixed(1)}x`].join(' | ')}`,
    );
  }
});

test('Table 1 has no DE-2 Rand after reranking', () => {
  expect(paperValue(reported.table1[0]!, 'retrieve+rerank', 'hits@10', 'de-2-rand')).toBeNull();
  expect(() => paperColumn('retrieve+rerank', 'hits@10', 'de-2-rand')).toThrow(RangeError);
  expect(paperColumn('retrieve', 'mrr@10', 'de-2-rand')).toHaveLength(12);
});
