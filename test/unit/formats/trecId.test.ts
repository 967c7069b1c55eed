import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { readRunLists } from '../../../src/lab/compare/runFile.ts';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { judgementsOf } from '../../../src/lab/data/qrels.ts';
import { toCsv } from '../../../src/lab/formats/table.ts';
import { writeQrels, writeRun } from '../../../src/lab/formats/trec.ts';
import { fromTrecId, toTrecId, trecIdReader } from '../../../src/lab/formats/trecId.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import { fromPermalink, toPermalink } from '../../../src/lab/spec/permalink.ts';

const pieces = [
  ' ',
  '\t',
  '/',
  '\\',
  '"',
  "'",
  '😀',
  '0',
  '00',
  'a',
  '_',
  '%',
  '%20',
  '%25',
  '#',
  '\u3000',
  '\u0085',
];
/** Ids of what troubles files: spaces, tabs, slashes, quotes, emoji, leading zeros, percent signs, halves of pairs. */
const id = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
);
const ids = fc.uniqueArray(id, { minLength: 2, maxLength: 8 });

test('an id is one field of a TREC file, no two ids are one, and every id comes back', () => {
  fc.assert(
    fc.property(ids, (all) => {
      const fields = all.map(toTrecId);
      for (const field of fields) expect(field).toMatch(/^[^\s\p{Cc}\p{Cs}]+$/u);
      expect(new Set(fields).size).toBe(all.length);
      expect(fields.map(fromTrecId)).toEqual(all);
      const rowOf = trecIdReader(new Map(all.map((one, row) => [one, row])));
      expect(fields.map(rowOf)).toEqual([...all.keys()]);
    }),
  );
});

test('an id without white space stays as it is, percent signs of addresses too', () => {
  for (const plain of ['MED-10', '50%', '<dbpedia:Caf%C3%A9>', '007', 'a_b', '😀'])
    expect(toTrecId(plain)).toBe(plain);
  expect(toTrecId('doc 1')).toBe('doc%201');
});

test('a field with underscores means the id with spaces where it can mean no other', () => {
  const rowOf = trecIdReader(
    new Map([
      ['doc 1', 0],
      ['a b', 1],
      ['a_b', 2],
      ['c d', 3],
      ['c\td', 4],
    ]),
  );
  expect(['doc_1', 'a_b', 'a%20b', 'c_d', 'doc 1'].map(rowOf)).toEqual([0, 2, 1, undefined, 0]);
});

const fileOf = (name: string, text: string) => ({
  name,
  stream: () => Promise.resolve(new Blob([text]).stream()),
});

test('run files and qrels give back what was written', async () => {
  await fc.assert(
    fc.asyncProperty(ids, ids, async (queries, documents) => {
      const collection: Collection = {
        name: 'n',
        title: 'N',
        source: 'folder:n',
        split: 'test',
        queries: { ids: queries, texts: queries },
        corpus: { ids: documents, texts: documents },
        qrels: queries.map((_, q) => new Map([[q % documents.length, q + 1]])),
      };
      const k = documents.length;
      const lists = {
        k,
        documents: Int32Array.from({ length: queries.length * k }, (_, i) => (i * 3 + Math.floor(i / k)) % k),
        scores: Float32Array.from({ length: queries.length * k }, (_, i) => k - (i % k)),
      };
      // Rows of a list are distinct where three and k have no common factor; else they are taken in turn.
      if (k % 3 === 0) lists.documents = lists.documents.map((_, i) => (i + Math.floor(i / k)) % k);
      const text = writeRun(collection, lists, 'tag');
      const read = await readRunLists(fileOf('a.trec', text), collection, {
        ties: 'document-order',
        least: 1,
      });
      expect([...read!.lists.documents]).toEqual([...lists.documents]);
      expect([...read!.lists.scores]).toEqual([...lists.scores]);
      expect(read!.counts).toEqual([]);

      const judged: [string, string, number][] = [];
      for await (const one of judgementsOf(fileOf('q.trec', writeQrels(collection)))) {
        judged.push([fromTrecId(one.query), fromTrecId(one.document), one.grade]);
      }
      expect(judged).toEqual(
        collection.qrels.flatMap((grades, q) =>
          [...grades].map(([row, grade]) => [queries[q], documents[row], grade]),
        ),
      );
    }),
    { numRuns: 60 },
  );
});

test('CSV gives back what was written, and a link brings a spec back', () => {
  fc.assert(
    fc.property(ids, (all) => {
      const { data } = Papa.parse<string[]>(
        toCsv({ caption: '', columns: ['id'], rows: all.map((one) => [one]) }).replace(/\r?\n$/, ''),
      );
      expect(data.slice(1).map(([cell]) => cell)).toEqual(all);
      const spec = parseSpec({
        models: { ce: { source: 'bundled:mini-ce' }, de: { source: 'bundled:mini-de' } },
        datasets: all.map((one) => ({ source: `folder:${one.replaceAll(/[\n\r\u2028\u2029]/g, '')}x` })),
      });
      const link = new URLSearchParams({ spec: toPermalink(spec) }).toString();
      const back = fromPermalink(new URLSearchParams(link).get('spec')!);
      expect(back).toEqual(spec);
    }),
    { numRuns: 60 },
  );
});
