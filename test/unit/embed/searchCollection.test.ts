import { expect, test } from 'vitest';
import { searchCollection } from '../../../src/lab/embed/searchCollection.ts';
import { madeCollection } from '../../support/collection.ts';

test('more queries than a tab holds vectors of are refused before they are embedded, with how many fit', async () => {
  const never = (): never => {
    throw new Error('Nothing is embedded.');
  };
  // 10 layers of 1,000,000 numbers take 40 MB, and 10 lists of 5 documents 400 bytes: 74 queries are within 3 GB.
  await expect(
    searchCollection(
      madeCollection('wide', 100, 200),
      { layers: 10, hiddenSize: 1_000_000, embed: never },
      { k: 5, ties: 'document-order', createSearcher: never },
    ),
  ).rejects.toThrow(
    /^field "datasets": .+: its 100 queries take 4\.00 GB at these layers, more than a tab holds; take at most 74 of them, or fewer layers\.$/,
  );
});
