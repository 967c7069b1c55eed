import { expect, test } from 'vitest';
import { type Bm25Hit, bm25Defaults, buildBm25 } from '../../../src/search/bm25.ts';
import { words } from '../../../src/search/words.ts';
import { type FreshRandom, freshRandom } from '../../support/random.ts';
import '../../support/allclose.ts';

/** Every document scored by the formula, in float64. */
function plainSearch(documents: readonly string[], query: string, k1: number, b: number): Bm25Hit[] {
  const split = documents.map(words);
  const average = split.reduce((sum, all) => sum + all.length, 0) / documents.length;
  const score = (document: readonly string[]): number =>
    words(query).reduce((sum, word) => {
      const frequency = split.filter((all) => all.includes(word)).length;
      const times = document.filter((other) => other === word).length;
      const idf = Math.log(1 + (documents.length - frequency + 0.5) / (frequency + 0.5));
      return sum + (idf * times) / (times + k1 * (1 - b + (b * document.length) / average));
    }, 0);
  return split
    .map((document, row) => ({ document: row, score: score(document) }))
    .filter((hit) => hit.score > 0)
    .sort((x, y) => y.score - x.score || x.document - y.document);
}

/** Texts of words some of which are far more frequent than others. */
function texts(random: FreshRandom, count: number, longest: number): string[] {
  const word = (): string => `w${Math.floor(60 ** random.uniform())}`;
  return Array.from({ length: count }, () =>
    Array.from({ length: random.int(0, longest) }, word).join(random.uniform() < 0.5 ? ' ' : ', '),
  );
}

test.each([
  [bm25Defaults.k1, bm25Defaults.b],
  [1.2, 0.75],
  [2, 0],
])('k1 %f and b %f find what the formula says', async (k1, b) => {
  const random = freshRandom();
  const documents = texts(random, 211, 17);
  const index = await buildBm25(documents, { k1, b });
  for (const query of texts(random, 40, 9)) {
    for (const k of [1, 7, 300]) {
      const hits = index.search(query, k);
      const expected = plainSearch(documents, query, k1, b).slice(0, k);
      expect(hits.map(({ score }) => score)).toBeAllclose(expected.map(({ score }) => score));
      // Weights are kept as float32, so that rows may change places where scores are all but equal.
      for (const [at, { document, score }] of expected.entries()) {
        const apart = expected.every((other, i) => i === at || Math.abs(other.score - score) > 1e-5);
        if (apart && at < expected.length - 1) expect(hits[at]!.document).toBe(document);
      }
    }
  }
});

test('of equal scores the earlier row comes first', async () => {
  const index = await buildBm25(['a b', 'c d', 'a b', 'b a', 'd c']);
  expect(index.search('a', 2).map(({ document }) => document)).toEqual([0, 2]);
  expect(index.search('d', 5).map(({ document }) => document)).toEqual([1, 4]);
});

test('a query whose words stand nowhere finds nothing', async () => {
  const index = await buildBm25(['one', 'two', '']);
  expect(index.search('three', 10)).toEqual([]);
  expect(index.search('', 10)).toEqual([]);
  expect((await buildBm25([])).search('one', 10)).toEqual([]);
});

test('words are runs of letters and digits of any script, in lower case', () => {
  expect(words("The Débian-Package's 2nd name: naïve, ДОМ")).toEqual([
    'the',
    'débian',
    'package',
    's',
    '2nd',
    'name',
    'naïve',
    'дом',
  ]);
});

test('building says how far it is, and stops when it is cancelled', async () => {
  const documents = texts(freshRandom(), 20_000, 40);
  const seen: number[] = [];
  await buildBm25(documents, { onProgress: (done) => seen.push(done) });
  expect(seen.at(-1)).toBe(documents.length);
  await expect(buildBm25(documents, { signal: AbortSignal.abort() })).rejects.toThrow('Cancelled');
});

test('equal scores stand by the ranks that a tie rule gives, at the cut too', async () => {
  const index = await buildBm25(['a b', 'c d', 'a b', 'b a', 'd c']);
  const backwards = (row: number): number => -row;
  expect(index.search('a', 2, backwards).map(({ document }) => document)).toEqual([3, 2]);
  expect(index.search('d', 5, backwards).map(({ document }) => document)).toEqual([4, 1]);
});
