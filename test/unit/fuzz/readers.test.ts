import { expect, test } from 'vitest';
import { fuzz } from '../../support/fuzz/fuzz.ts';
import { fuzzedReaders } from '../../support/fuzz/readers.ts';

test.each(fuzzedReaders)(
  '$name: garbled files give a value or a sentence',
  async (reader) => {
    await expect(fuzz(reader, 200, 11)).resolves.toBeUndefined();
  },
  120_000,
);

test.each(fuzzedReaders)('$name: the files that are garbled are whole', async ({ seeds, read }) => {
  const outcomes = await Promise.allSettled(
    seeds.map(async (seed) =>
      read(Uint8Array.from(typeof seed === 'string' ? new TextEncoder().encode(seed) : seed)),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
});
