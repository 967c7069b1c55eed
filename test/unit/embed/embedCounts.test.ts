import { expect, test } from 'vitest';
import { EmbedCounts } from '../../../src/lab/embed/embedCounts.ts';
import type { EncodedText } from '../../../src/lab/models/types.ts';

const cut: EncodedText = {
  inputIds: Int32Array.of(1, 5, 6, 2),
  tokenTypeIds: new Uint8Array(4),
  pool: Uint8Array.of(0, 1, 1, 0),
  spans: [[1, 3]],
  content: { tokens: 9, known: 0 },
};

test('the first places are those of the first rows, in whatever order texts are embedded', () => {
  const counted = (rows: readonly number[]): unknown => {
    const counts = new EmbedCounts('ce');
    for (const row of rows) counts.encoded('document', `d${row}`, cut, row);
    counts.encoded('query', 'q0', cut, 0);
    counts.broken('document', 'd7', [2], 7);
    return counts.report();
  };
  expect(counted([4, 1, 3, 0, 2])).toEqual({
    model: 'ce',
    texts: 6,
    truncated: { texts: 6, tokensRead: 12, tokens: 54, places: ['query q0', 'document d0', 'document d1'] },
    counts: [
      { reason: 'queries of which the tokeniser knows no token', count: 1, places: ['query q0'] },
      {
        reason: 'documents of which the tokeniser knows no token',
        count: 5,
        places: ['document d0', 'document d1', 'document d2'],
      },
      {
        reason: 'documents whose vector is not finite, ranked last',
        count: 1,
        places: ['document d7, layer 2'],
      },
    ],
  });
  expect(counted([0, 1, 2, 3, 4])).toEqual(counted([4, 1, 3, 0, 2]));
});
