import type { Collection } from '../../src/lab/data/collection.ts';

/** A small collection: query q is about document q modulo the documents. */
export function madeCollection(name: string, queries: number, documents: number): Collection {
  const texts = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${'abcdefghij'[i % 10]}${'x'.repeat(i % 7)}`);
  return {
    name,
    title: name.toUpperCase(),
    source: `folder:${name}`,
    split: 'test',
    queries: { ids: texts(queries).map((_, i) => `q${i}`), texts: texts(queries) },
    corpus: { ids: texts(documents).map((_, i) => `d${i}`), texts: texts(documents) },
    qrels: Array.from({ length: queries }, (_, q) => new Map([[q % documents, 1]])),
  };
}
