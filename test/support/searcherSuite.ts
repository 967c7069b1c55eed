import { expect, test } from 'vitest';
import type { Searcher, SearchOptions } from '../../src/search/searcher.ts';
import './allclose.ts';
import { freshRandom } from './random.ts';
import { type CaseSize, cosines, type SearchCase, searchCase } from './search.ts';

const sizes: CaseSize[] = [
  { layers: 3, queries: 5, documents: 331, hiddenSize: 48, k: 10 },
  { layers: 1, queries: 67, documents: 130, hiddenSize: 13, k: 101 },
  { layers: 2, queries: 1, documents: 7, hiddenSize: 3, k: 10 },
  { layers: 1, queries: 3, documents: 1100, hiddenSize: 5, k: 1000 },
];

/** The corpus rows in blocks of random size, in random order. */
async function feed(
  searcher: Searcher,
  { vectors, documents, options }: SearchCase,
  cuts: () => number,
): Promise<void> {
  const width = options.layers * options.hiddenSize;
  const order = Array.from({ length: documents }, (_, row) => row).sort(() => cuts() - 0.5);
  for (let at = 0; at < documents; ) {
    const rows = Int32Array.from(order.slice(at, at + 1 + Math.floor(cuts() * 300)));
    const block = new Float32Array(rows.length * width);
    for (const [i, row] of rows.entries())
      block.set(vectors.subarray(row * width, (row + 1) * width), i * width);
    await searcher.add(block, rows);
    at += rows.length;
  }
}

/** What every searcher must do, whatever it runs on. */
export function searcherSuite(create: (options: SearchOptions) => Promise<Searcher>): void {
  test.each(sizes)(
    'finds the best $k of $documents documents, $hiddenSize wide, at $layers layers',
    async (size) => {
      const random = freshRandom();
      const given = searchCase(random, size, null);
      const searcher = await create(given.options);
      await feed(searcher, given, random.uniform);
      const rankings = await searcher.rankings();
      const expected = cosines(given);
      expect(rankings).toHaveLength(size.layers);
      for (const [l, { documents, scores }] of rankings.entries()) {
        for (let q = 0; q < size.queries; q++) {
          const all = expected.subarray((l * size.queries + q) * size.documents).subarray(0, size.documents);
          const found = Math.min(size.k, size.documents);
          const list = documents.subarray(q * size.k, (q + 1) * size.k);
          const kept = list.subarray(0, found);
          // The scores are the best there are, each is its document's own, and no document comes twice.
          expect(scores.subarray(q * size.k, q * size.k + found)).toBeAllclose(
            Float64Array.from(all).sort().reverse().subarray(0, found),
            { atol: 1e-5 },
          );
          expect(scores.subarray(q * size.k, q * size.k + found)).toBeAllclose(
            Float64Array.from(kept, (row) => all[row]!),
            { atol: 1e-5 },
          );
          expect(new Set(kept).size).toBe(found);
          expect([...list.subarray(found)]).toEqual(new Array(size.k - found).fill(-1));
        }
      }
      searcher.dispose();
    },
  );

  test('equal scores stand in document order, or as tie ranks say', async () => {
    const random = freshRandom();
    const size = { layers: 1, queries: 4, documents: 600, hiddenSize: 9, k: 600 };
    const backwards = Int32Array.from({ length: size.documents }, (_, row) => size.documents - 1 - row);
    for (const ranks of [null, backwards]) {
      const given = searchCase(random, size, ranks);
      const searcher = await create(given.options);
      await feed(searcher, given, random.uniform);
      const [ranking] = await searcher.rankings();
      let ties = 0;
      for (let i = 1; i < size.queries * size.k; i++) {
        if (i % size.k === 0 || ranking!.scores[i] !== ranking!.scores[i - 1]) continue;
        const [first, second] = [ranking!.documents[i - 1]!, ranking!.documents[i]!];
        expect((ranks?.[first] ?? first) < (ranks?.[second] ?? second)).toBe(true);
        ties++;
      }
      // Every third document repeats the one before.
      expect(ties).toBeGreaterThanOrEqual(size.queries * 199);
      searcher.dispose();
    }
  });

  test('a list does not depend on blocks or order, and may be read in between', async () => {
    const random = freshRandom();
    const given = searchCase(random, { layers: 2, queries: 9, documents: 700, hiddenSize: 21, k: 50 }, null);
    const lists: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const searcher = await create(given.options);
      await searcher.rankings();
      await feed(searcher, given, random.uniform);
      lists.push(await searcher.rankings());
      searcher.dispose();
    }
    expect(lists[1]).toEqual(lists[0]);
  });

  test('by inner product a longer vector stands before one that is nearer in angle', async () => {
    const searcher = await create({
      layers: 2,
      queries: 1,
      hiddenSize: 2,
      k: 3,
      similarity: 'dot',
      queryVectors: Float32Array.of(2, 0, 0, 1),
      tieRanks: null,
    });
    // At layer 0 (1, 0), (3, 4), (0, 0); at layer 1 (5, 1), (5, -1), (0, 2).
    await searcher.add(Float32Array.of(1, 0, 5, 1, 3, 4, 5, -1, 0, 0, 0, 2), Int32Array.of(0, 1, 2));
    const [first, second] = await searcher.rankings();
    expect([[...first!.documents], [...first!.scores]]).toEqual([
      [1, 0, 2],
      [6, 2, 0],
    ]);
    expect([[...second!.documents], [...second!.scores]]).toEqual([
      [2, 0, 1],
      [2, 1, -1],
    ]);
    searcher.dispose();
  });

  test('a vector of zeros is similar to nothing', async () => {
    const searcher = await create({
      layers: 1,
      queries: 1,
      hiddenSize: 2,
      k: 2,
      queryVectors: Float32Array.of(1, 1),
      tieRanks: null,
    });
    await searcher.add(Float32Array.of(0, 0, 1, 1), Int32Array.of(0, 1));
    const [ranking] = await searcher.rankings();
    expect([...ranking!.documents]).toEqual([1, 0]);
    expect(ranking!.scores).toBeAllclose([1, 0]);
    searcher.dispose();
  });

  test('a vector that is not finite stands last, pushes nothing out, and finds nothing as a query', async () => {
    const random = freshRandom();
    for (const k of [5, 40]) {
      const size = { layers: 2, queries: 3, documents: 40, hiddenSize: 7, k };
      const given = searchCase(random, size, null);
      const { vectors, options } = given;
      const at = (row: number, layer: number): number => (row * 2 + layer) * 7;
      // Documents 4 and 9 are broken at layer 1 only, document 11 at both, query 2 at layer 0.
      vectors[at(4, 1)] = Number.NaN;
      vectors[at(9, 1) + 6] = Number.POSITIVE_INFINITY;
      vectors[at(11, 0) + 2] = Number.NEGATIVE_INFINITY;
      vectors[at(11, 1) + 3] = Number.NaN;
      options.queryVectors[at(2, 0)] = Number.NaN;
      const searcher = await create(options);
      await feed(searcher, given, random.uniform);
      const rankings = await searcher.rankings();
      const expected = cosines(given);
      const broken = [[11], [4, 9, 11]];
      for (const [layer, { documents, scores }] of rankings.entries()) {
        for (let q = 0; q < 3; q++) {
          const list = [...documents.subarray(q * k, (q + 1) * k)];
          if (layer === 0 && q === 2) {
            expect(list).toEqual(new Array(k).fill(-1));
            continue;
          }
          const all = expected.subarray((layer * 3 + q) * 40, (layer * 3 + q + 1) * 40);
          const whole = [...all].filter(Number.isFinite).sort((a, b) => b - a);
          const found = Math.min(k, whole.length);
          expect(scores.subarray(q * k, q * k + found)).toBeAllclose(whole.slice(0, found), { atol: 1e-5 });
          expect(list.slice(found)).toEqual(broken[layer]!.slice(0, k - found));
          expect([...scores.subarray(q * k, (q + 1) * k)].every(Number.isFinite)).toBe(true);
        }
      }
      searcher.dispose();
    }
  });
}
