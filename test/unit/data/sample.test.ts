import { expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { sampleCollection } from '../../../src/lab/data/sample.ts';
import { freshRandom } from '../../support/random.ts';

function made(queries: number, documents: number): Collection {
  const table = (letter: string, count: number) => ({
    ids: Array.from({ length: count }, (_, row) => `${letter}${row}`),
    texts: Array.from({ length: count }, (_, row) => `text ${letter}${row}`),
  });
  return {
    name: 'made',
    title: 'Made',
    source: 'folder:made',
    split: 'test',
    queries: table('q', queries),
    corpus: table('d', documents),
    qrels: Array.from(
      { length: queries },
      (_, q) =>
        new Map([
          [(3 * q) % documents, 1],
          [(3 * q + 1) % documents, 0],
        ]),
    ),
  };
}

test('a sample keeps every relevant document of its queries, and its judgements point at them', () => {
  const whole = made(40, 200);
  const seed = freshRandom().int(0, 1e6);
  const sample = sampleCollection(whole, { queries: 11, documents: 31, seed });
  expect(sample.queries.ids).toHaveLength(11);
  expect(sample.corpus.ids).toHaveLength(31);
  for (const [q, judged] of sample.qrels.entries()) {
    const original = whole.qrels[whole.queries.ids.indexOf(sample.queries.ids[q]!)]!;
    const relevant = [...original].filter(([, grade]) => grade > 0).map(([row]) => whole.corpus.ids[row]);
    const kept = [...judged].filter(([, grade]) => grade > 0).map(([row]) => sample.corpus.ids[row]);
    expect(kept).toEqual(relevant);
  }
  expect(sampleCollection(whole, { queries: 11, documents: 31, seed })).toEqual(sample);
});

test('more than there is takes all, and fewer documents than are relevant takes the relevant ones', () => {
  const whole = made(10, 50);
  expect(sampleCollection(whole, { queries: 99, documents: null, seed: 1 })).toBe(whole);
  expect(sampleCollection(whole, { queries: null, documents: 1, seed: 1 }).corpus.ids).toHaveLength(10);
});
