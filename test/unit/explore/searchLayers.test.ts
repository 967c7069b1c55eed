import { describe, expect, it } from 'vitest';
import { layerVectors } from '../../../src/lab/explore/layerVectors.ts';
import { rankFlow } from '../../../src/lab/explore/rankFlow.ts';
import { searchLayers } from '../../../src/lab/explore/searchLayers.ts';

/** (N, L, C) of N(0, 1)-like values from a plain generator, so that the test shares no code with the lab. */
function values(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    ab += value * b[i]!;
    aa += value ** 2;
    bb += b[i]! ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

describe('searching every layer', () => {
  const [documents, layers, size] = [53, 3, 7];
  const pooled = values(documents * layers * size, 5);
  const query = values(layers * size, 6);
  const index = layerVectors(pooled, [0, 2, 6], size);
  const lists = searchLayers(index, layerVectors(query, [0, 2, 6], size), 10, null);
  const expected = [0, 1, 2].map((layer) =>
    Array.from({ length: documents }, (_, row) =>
      cosine(
        pooled.slice((row * layers + layer) * size, (row * layers + layer + 1) * size),
        query.slice(layer * size, (layer + 1) * size),
      ),
    ),
  );

  it('lists the documents of largest cosine, best first, layer by layer', () => {
    for (const [layer, { documents: found, scores }] of lists.entries()) {
      const order = expected[layer]!.map((_, row) => row).sort(
        (a, b) => expected[layer]![b]! - expected[layer]![a]!,
      );
      expect(found).toEqual(order.slice(0, 10));
      for (const row of found) expect(scores[row]).toBeCloseTo(expected[layer]![row]!, 5);
    }
    expect(lists.map(({ layer }) => layer)).toEqual([0, 2, 6]);
  });

  it('counts ranks over the whole collection, beyond the lists', () => {
    const last = lists[1]!.scores.indexOf(Math.min(...lists[1]!.scores));
    const [line] = rankFlow(lists, [last], null);
    expect(line!.ranks[1]).toBe(documents);
    expect(line!.ranks[0]).toBe(1 + expected[0]!.filter((score) => score > expected[0]![last]!).length);
  });

  it('orders equal scores by the tie rule, in lists and ranks', () => {
    const same = layerVectors(Float32Array.of(1, 0, 1, 0, 0, 1), [0], 2);
    const asked = layerVectors(Float32Array.of(2, 0), [0], 2);
    const ranks = Int32Array.of(1, 0, 2);
    const [byDocument] = searchLayers(same, asked, 3, null);
    const [byRule] = searchLayers(same, asked, 3, ranks);
    expect(byDocument!.documents).toEqual([0, 1, 2]);
    expect(byRule!.documents).toEqual([1, 0, 2]);
    expect(rankFlow([byRule!], [0, 1, 2], ranks).map((line) => line.ranks[0])).toEqual([2, 1, 3]);
  });

  it('gives a vector without direction, or not finite, cosine 0', () => {
    const odd = layerVectors(Float32Array.of(0, 0, Number.NaN, 1, -1, 0), [0], 2);
    const [list] = searchLayers(odd, layerVectors(Float32Array.of(1, 0), [0], 2), 3, null);
    expect([...list!.scores]).toEqual([0, 0, -1]);
  });

  it('finds all there is in a collection of one document', () => {
    const one = layerVectors(Float32Array.of(1, 1), [0], 2);
    const [list] = searchLayers(one, layerVectors(Float32Array.of(1, 0), [0], 2), 10, null);
    expect(list!.documents).toEqual([0]);
  });
});
