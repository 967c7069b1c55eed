import { expect, test } from 'vitest';
import type { TrainingPair } from '../../../src/lab/data/fromPairs.ts';
import { mineHardNegatives } from '../../../src/lab/training/hardNegatives.ts';
import { gatherPairs } from '../../../src/lab/training/trainingSet.ts';
import { buildBm25 } from '../../../src/search/bm25.ts';
import { freshRandom } from '../../support/random.ts';

const pair = (query: string, positive: string, ...negatives: string[]): TrainingPair => ({
  query,
  positive,
  negatives,
});

test('a query is one example with all its positives and negatives', () => {
  const pairs = [pair('q', 'a', 'b', 'c'), pair('r', 'b'), pair('q', 'b', 'c', 'd')];
  expect(gatherPairs(pairs, true)).toEqual({
    texts: ['q', 'a', 'b', 'c', 'r', 'd'],
    examples: [
      { query: 0, positives: [1, 2], negatives: [3, 5] },
      { query: 4, positives: [2], negatives: [] },
    ],
  });
  expect(gatherPairs(pairs, false).examples).toEqual([
    { query: 0, positives: [1], negatives: [2, 3] },
    { query: 4, positives: [2], negatives: [] },
    { query: 0, positives: [2], negatives: [3, 5] },
  ]);
  expect(() => gatherPairs([], true)).toThrow('field "train.data"');
});

test('negatives are the best passages but the positives and their twins', async () => {
  const set = gatherPairs(
    [
      pair('red apple', 'a red apple on a tree', 'red apple pie'),
      pair('red apple', 'an apple that is red'),
      pair('apple sauce', ' A red apple on a Tree '),
      pair('Red Apple', 'red wine'),
      pair('green pear', 'a pear'),
    ],
    true,
  );
  const mined = await mineHardNegatives(set, { seed: 1, count: 2 });
  const texts = mined.set.examples.map(({ negatives }) => negatives.map((row) => set.texts[row]));
  expect(texts[0]).toEqual(['red apple pie', 'red wine']);
  expect(texts[2]).toHaveLength(2);
  expect(texts[2]).not.toContain('red wine');
  expect(mined.random).toBe(1);
  // Of "green pear" no other passage has a word.
  expect(texts[3]).toHaveLength(1);
  expect(texts[3]).not.toEqual(['a pear']);
});

test('on random texts each negative scores no worse than any passage that was left out', async () => {
  const random = freshRandom();
  const text = (length: number): string =>
    Array.from({ length }, () => `w${Math.floor(40 ** random.uniform())}`).join(' ');
  const set = gatherPairs(
    Array.from({ length: 150 }, () => pair(text(3), text(random.int(1, 12)))),
    true,
  );
  const { set: mined } = await mineHardNegatives(set, { seed: random.seed, count: 4 });
  const passages = [...new Set(set.examples.flatMap(({ positives }) => positives))];
  const index = await buildBm25(passages.map((row) => set.texts[row]!));
  for (const { query, positives, negatives } of mined.examples) {
    expect(negatives.filter((row) => positives.includes(row))).toEqual([]);
    const ranked = index
      .search(set.texts[query]!, passages.length)
      .map(({ document }) => passages[document]!)
      .filter((row) => row !== query && !positives.includes(row));
    if (ranked.length > 0) expect(negatives).toEqual(ranked.slice(0, 4));
  }
});

test('the same seed mines the same, and a cancel is heard', async () => {
  const set = gatherPairs(
    Array.from({ length: 50 }, (_, n) => pair(`q${n}`, `p${n}`)),
    true,
  );
  const first = await mineHardNegatives(set, { seed: 5 });
  expect(first.random).toBe(50);
  expect(await mineHardNegatives(set, { seed: 5 })).toEqual(first);
  expect(await mineHardNegatives(set, { seed: 6 })).not.toEqual(first);
  await expect(mineHardNegatives(set, { seed: 5, signal: AbortSignal.abort() })).rejects.toThrow('Cancelled');
});
