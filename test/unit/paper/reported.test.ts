import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { paperColumn, paperValue, reported, reportedSchema } from '../../../src/lab/paper/reported.ts';

const shared = new URL('../../../../shared/paper/', import.meta.url);
const given = existsSync(new URL('reported.json', shared));

test.runIf(given)('the app carries the paper’s figures as they were copied from it', () => {
  const copied: unknown = JSON.parse(readFileSync(new URL('reported.json', shared), 'utf8'));
  expect(reported).toEqual(reportedSchema.parse(copied));
});

test.runIf(given)('every figure of Table 1 stands in the paper’s text', () => {
  const paper = readFileSync(new URL('paper.md', shared), 'utf8');
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
