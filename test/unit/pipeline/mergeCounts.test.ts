import { expect, test } from 'vitest';
import type { EmbeddedCounts } from '../../../src/lab/data/dataReport.ts';
import { mergeCounts } from '../../../src/lab/pipeline/mergeCounts.ts';

const none = { texts: 0, tokensRead: 0, tokens: 0, places: [] };
const unknown = (kind: string): string => `${kind} of which the tokeniser knows no token`;

test('queries, which every part embeds, are counted once, and places are the first of all', () => {
  const queryCounts: EmbeddedCounts = {
    model: 'ce',
    texts: 2,
    truncated: { texts: 1, tokensRead: 4, tokens: 6, places: ['query q1'] },
    counts: [{ reason: unknown('queries'), count: 1, places: ['query q2'] }],
  };
  const part = (texts: number, places: readonly string[], broken: readonly string[]): EmbeddedCounts => ({
    ...queryCounts,
    texts: 2 + texts,
    truncated: {
      texts: 1 + places.length,
      tokensRead: 4 + 4 * places.length,
      tokens: 6 + 5 * places.length,
      places: ['query q1', ...places],
    },
    counts: [
      ...queryCounts.counts,
      ...(broken.length > 0
        ? [{ reason: unknown('documents'), count: broken.length, places: [...broken] }]
        : []),
    ],
  });
  expect(
    mergeCounts([
      { queryCounts, counts: part(3, ['document d2'], []) },
      { queryCounts, counts: part(4, ['document d4', 'document d5'], ['document d6']) },
      { queryCounts, counts: part(1, [], ['document d8']) },
    ]),
  ).toEqual({
    model: 'ce',
    texts: 10,
    truncated: {
      texts: 4,
      tokensRead: 16,
      tokens: 21,
      places: ['query q1', 'document d2', 'document d4'],
    },
    counts: [
      { reason: unknown('queries'), count: 1, places: ['query q2'] },
      { reason: unknown('documents'), count: 2, places: ['document d6', 'document d8'] },
    ],
  });
});

test('of one part its own counts come out', () => {
  const queryCounts: EmbeddedCounts = { model: 'de', texts: 1, truncated: none, counts: [] };
  const counts: EmbeddedCounts = {
    model: 'de',
    texts: 5,
    truncated: { texts: 1, tokensRead: 2, tokens: 3, places: ['document d1'] },
    counts: [],
  };
  expect(mergeCounts([{ queryCounts, counts }])).toEqual(counts);
});
