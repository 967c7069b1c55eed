import { expect, test } from 'vitest';
import { relativeBuckets } from '../../../../src/lab/models/build/relativeBuckets.ts';

// From transformers' MPNetEncoder.relative_position_bucket(torch.tensor(distances), 32).
test.each([
  [0, 0],
  [-1, 1],
  [-7, 7],
  [-8, 8],
  [-11, 8],
  [-12, 9],
  [-16, 10],
  [-64, 14],
  [-91, 15],
  [-200, 15],
  [1, 17],
  [8, 24],
  [32, 28],
  [200, 31],
])('distance %d is in bucket %d', (distance, bucket) => {
  expect(relativeBuckets(256, 32)[distance + 255]).toBe(bucket);
});
