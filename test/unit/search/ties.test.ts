import { expect, test } from 'vitest';
import { tieRanks } from '../../../src/search/ties.ts';

const ids = ['d10', 'd2', 'D3', 'd1', 'é', '\u{1f600}', '\uff5e'];

test('document order needs no ranks', () => {
  expect(tieRanks(ids, 'document-order')).toBeNull();
});

test('ids are compared by code point, as Python and C compare UTF-8', () => {
  const ranks = tieRanks(ids, 'id-ascending')!;
  const sorted = ids.map((_, row) => row).sort((a, b) => ranks[a]! - ranks[b]!);
  expect(sorted.map((row) => ids[row])).toEqual(['D3', 'd1', 'd10', 'd2', 'é', '\uff5e', '\u{1f600}']);
});

test('descending is the reverse', () => {
  const up = tieRanks(ids, 'id-ascending')!;
  const down = tieRanks(ids, 'id-descending')!;
  expect([...down]).toEqual([...up].map((rank) => ids.length - 1 - rank));
});
