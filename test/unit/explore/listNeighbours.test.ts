import { describe, expect, it } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { listNeighbours, type NeighboursLine } from '../../../src/lab/explore/listNeighbours.ts';
import type { ExploreServices } from '../../../src/lab/explore/openExplorer.ts';
import { defaultSpec } from '../../../src/lab/spec/defaults.ts';
import { madeCollection } from '../../support/collection.ts';
import { characterEncoder, fakeSession, fakeVector } from '../../support/fakeModel.ts';

const layers = [0, 2];

function services(collection: Collection): ExploreServices {
  return {
    loadCollection: () => Promise.resolve(collection),
    openModel: () =>
      Promise.resolve({ session: fakeSession(layers), encoder: characterEncoder, tokenizerHash: 'x' }),
    openStore: () => Promise.resolve(null),
    storedVectors: () => Promise.reject(new Error('A sample of the spec has no stored vectors.')),
  };
}

async function linesOf(
  collection: Collection,
  asked: { readonly texts?: readonly string[]; readonly queries?: readonly string[] | 'all' },
): Promise<NeighboursLine[]> {
  const lines: NeighboursLine[] = [];
  await listNeighbours(
    { spec: defaultSpec(), texts: [], queries: [], depth: 3, ...asked },
    services(collection),
    (event) => {
      if (event.type === 'line') lines.push(event.line);
    },
    new AbortController().signal,
  );
  return lines;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('neighbours by layer', () => {
  const collection = madeCollection('made', 3, 9);
  const { ids, texts } = collection.corpus;

  it('lists what plain cosines list, a line a layer of both models and one of BM25', async () => {
    const text = collection.queries.texts[1]!;
    const lines = await linesOf(collection, { texts: [text] });
    expect(lines.map(({ model, layer }) => [model, layer])).toEqual([
      ['ce', 0],
      ['ce', 2],
      ['de', 0],
      ['de', 2],
      ['bm25', null],
    ]);
    for (const { layer, hits, query } of lines.slice(0, 4)) {
      const scores = texts.map((one) => cosine(fakeVector(one, layer!), fakeVector(text, layer!)));
      const order = [...ids.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, 3);
      expect(hits.map(({ id }) => id)).toEqual(order.map((row) => ids[row]));
      expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3]);
      expect(query).toEqual({ id: null, text });
      expect(hits[0]).not.toHaveProperty('relevant');
    }
  });

  it('says of the collection’s queries what is judged relevant, and leaves out their own documents', async () => {
    const own = { ...collection, ownDocuments: Int32Array.from([0, -1, -1]) };
    const lines = await linesOf(own, { queries: 'all' });
    expect(lines).toHaveLength(3 * 5);
    for (const { query, hits } of lines) {
      const row = collection.queries.ids.indexOf(query.id!);
      if (row === 0) expect(hits.map(({ id }) => id)).not.toContain(ids[0]);
      for (const { id, relevant } of hits) {
        expect(relevant).toBe((collection.qrels[row]!.get(ids.indexOf(id)) ?? 0) > 0);
      }
    }
  });

  it('says so when a query is not there', async () => {
    await expect(linesOf(collection, { queries: ['none'] })).rejects.toThrow(
      /has no query "none" among the 3/,
    );
  });
});
