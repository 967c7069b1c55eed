import { expect, test } from 'vitest';
import { batchesByLength } from '../../../src/lab/embed/batchesByLength.ts';
import type { Batching } from '../../../src/lab/models/batching.ts';
import { freshRandom } from '../../support/random.ts';

function costOf(batches: readonly number[][], lengths: readonly number[], { run }: Batching): number {
  return batches.reduce(
    (sum, batch) => sum + run + batch.length * Math.max(...batch.map((i) => lengths[i]!)),
    0,
  );
}

/** Every way to cut texts that are sorted by length. */
function* cuts(sorted: readonly number[]): Generator<number[][]> {
  if (sorted.length === 0) yield [];
  for (let first = 1; first <= sorted.length; first++) {
    for (const rest of cuts(sorted.slice(first))) yield [sorted.slice(0, first), ...rest];
  }
}

test('batches stay within bounds, hold every text once, and little padding', () => {
  const random = freshRandom();
  const lengths = Array.from({ length: 500 }, () => random.int(1, 200));
  const batches = batchesByLength(lengths, { tokens: 2048, run: 16 });
  expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
  let padded = 0;
  for (const batch of batches) {
    const longest = Math.max(...batch.map((i) => lengths[i]!));
    expect(longest * batch.length).toBeLessThanOrEqual(2048);
    padded += longest * batch.length;
  }
  expect(padded / lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(1.03);
});

test('no other cut of texts in the order of their lengths costs less', () => {
  const random = freshRandom();
  for (let round = 0; round < 20; round++) {
    const lengths = Array.from({ length: random.int(1, 9) }, () => random.int(1, 30));
    const batching = { tokens: random.int(20, 90), run: random.int(0, 40) };
    const sorted = [...lengths.keys()].sort((a, b) => lengths[b]! - lengths[a]! || a - b);
    const allowed = [...cuts(sorted)].filter((batches) =>
      batches.every((batch) => batch.length === 1 || batch.length * lengths[batch[0]!]! <= batching.tokens),
    );
    const least = Math.min(...allowed.map((batches) => costOf(batches, lengths, batching)));
    expect(costOf(batchesByLength(lengths, batching), lengths, batching)).toBe(least);
  }
});

test('where runs are dear, batches are filled; the longest come first', () => {
  const lengths = [3, 9, 1, 7, 5];
  expect(batchesByLength(lengths, { tokens: 1000, run: 1000 })).toEqual([[1, 3, 4, 0, 2]]);
  expect(batchesByLength(lengths, { tokens: 20, run: 1000 })).toEqual([
    [1, 3],
    [4, 0, 2],
  ]);
  expect(batchesByLength(lengths, { tokens: 1000, run: 0 })).toEqual([[1], [3], [4], [0], [2]]);
});

test('a text that is too long has a batch of its own, and no text has none', () => {
  expect(batchesByLength([5000, 8], { tokens: 2048, run: 16 })).toEqual([[0], [1]]);
  expect(batchesByLength([], { tokens: 2048, run: 16 })).toEqual([]);
});
