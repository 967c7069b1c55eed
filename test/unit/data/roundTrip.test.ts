import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { collectionFromPairs } from '../../../src/lab/data/fromPairs.ts';
import { keepCollection, keptCollection } from '../../../src/lab/data/hub/kept.ts';
import { readPairs } from '../../../src/lab/data/readPairs.ts';
import { understand } from '../../../src/lab/data/understand.ts';
import { memoryStore } from '../../support/memoryStore.ts';
import { jsonLines, source } from '../../support/source.ts';

const odd = [
  'a b',
  'a_b',
  '007',
  '1.0',
  '-0',
  '1e5',
  '9007199254740993',
  'a/b',
  'a"b',
  "it's",
  '👩‍💻',
  'é',
  'null',
  '__proto__',
  'q1,q2',
  '#',
  '%20',
  '\u2028x',
  'query-id',
  '北京',
];

/** No white space at its ends, since texts and the cells of judgements are trimmed. */
const trimmed = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  text.map((made) => made.trim()).filter((made) => made !== '');
const id = trimmed(
  fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', minLength: 1, maxLength: 8 })),
).map(
  (made) =>
    // A judgement's line ends at a line feed, and its cells at tabs.
    made.replaceAll(/[\t\n\r]/g, ' ').trim() || 'x',
);
const text = trimmed(
  fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })),
);

const collection = fc
  .record({
    documents: fc.uniqueArray(fc.tuple(id, text), { selector: ([key]) => key, minLength: 1, maxLength: 8 }),
    queries: fc.uniqueArray(fc.tuple(id, text), { selector: ([key]) => key, minLength: 1, maxLength: 5 }),
    grades: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ documents, queries, grades }) => ({
    documents,
    queries,
    judged: queries.map((_, q) => ({ q, d: q % documents.length, grade: grades[q]! })),
  }));

test('ids and texts of a BEIR folder are read as they were written, and kept as they were read', async () => {
  await fc.assert(
    fc.asyncProperty(collection, async ({ documents, queries, judged }) => {
      const rows = (texts: readonly (readonly [string, string])[]): string =>
        jsonLines(...texts.map(([_id, body]) => ({ _id, text: body })));
      const { load } = await understand('made', [
        source('corpus.jsonl', rows(documents), 50),
        source('queries.jsonl', rows(queries), 50),
        source(
          'qrels/test.tsv',
          `query-id\tcorpus-id\tscore\n${judged
            .map(({ q, d, grade }) => `${queries[q]![0]}\t${documents[d]![0]}\t${grade}\n`)
            .join('')}`,
          50,
        ),
      ]);
      const read = await load('test');
      expect(read.warnings).toEqual([]);
      expect(read.collection.corpus).toEqual({
        ids: documents.map(([key]) => key),
        texts: documents.map(([, body]) => body),
      });
      expect(read.collection.queries.ids).toEqual(queries.map(([key]) => key));
      expect(read.collection.qrels).toEqual(judged.map(({ d, grade }) => new Map([[d, grade]])));
      const store = memoryStore();
      await keepCollection(store, 'x', read);
      expect(await keptCollection(store, 'x')).toEqual(read);
    }),
    { numRuns: 200, seed: 5 },
  );
});

const rowsOfTexts = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 });
const oneLine = (made: string): string => made.replaceAll(/[\t\n\r]/g, ' ').trim() || 'x';
/** As files of lines have them: they end in LF, whatever they were written with. */
const lineFeeds = (made: string): string => made.replaceAll(/\r+\n|\r/g, '\n').trim() || 'x';

test.each<[string, (made: string) => string, (rows: readonly (readonly [string, string])[]) => string]>([
  [
    'pairs.jsonl',
    (made) => made,
    (rows) => jsonLines(...rows.map(([query, positive]) => ({ query, positive }))),
  ],
  [
    'pairs.json',
    (made) => made,
    (rows) =>
      JSON.stringify(
        rows.map(([query, positive]) => ({ query, positive })),
        null,
        1,
      ),
  ],
  ['pairs.tsv', oneLine, (rows) => `query\tpositive\n${rows.map((row) => `${row.join('\t')}\n`).join('')}`],
  [
    'pairs.csv',
    lineFeeds,
    (rows) => Papa.unparse([['query', 'positive'], ...rows.map((row) => [...row])], { quotes: true }),
  ],
  [
    'pairs.csv',
    lineFeeds,
    (rows) => Papa.unparse([['query', 'positive'], ...rows.map((row) => [...row])], { delimiter: ';' }),
  ],
])('texts of %s (%#) are read as they were written', async (path, normal, write) => {
  await fc.assert(
    fc.asyncProperty(rowsOfTexts, async (made) => {
      const rows = made.map(([query, positive]) => [normal(query), normal(positive)] as const);
      const read = await readPairs(source(path, write(rows), 50));
      expect(read.pairs.map(({ query, positive }) => [query, positive])).toEqual(rows);
      expect(
        collectionFromPairs(read, { name: 'n', title: 'n', source: 'folder:n', split: 'all' }).collection
          .queries.texts,
      ).toEqual([...new Set(rows.map(([query]) => query))]);
    }),
    { numRuns: 200, seed: 6 },
  );
});
