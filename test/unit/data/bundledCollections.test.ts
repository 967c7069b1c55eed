import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundledCollections, furtherCollections } from '../../../src/lab/spec/defaults.ts';

const root = fileURLToPath(new URL('../../../public/', import.meta.url));
const nameOf = (source: string): string => source.slice('bundled:'.length);

interface Row {
  readonly _id: string;
  readonly text: string;
}

function rows<T>(path: string): T[] {
  return readFileSync(root + path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

function textsOf(name: string): string[] {
  return ['corpus', 'queries'].flatMap((file) =>
    rows<Row>(`datasets/${name}/${file}.jsonl`).map(({ text }) => text),
  );
}

/** Runs of eight words; a shorter text is one run. */
function runsOf(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '');
  if (words.length < 8) return [words.join(' ')];
  return Array.from({ length: words.length - 7 }, (_, at) => words.slice(at, at + 8).join(' '));
}

test('every bundled collection is what its card says', () => {
  for (const source of [...bundledCollections, ...furtherCollections]) {
    const name = nameOf(source);
    const card = JSON.parse(readFileSync(`${root}datasets/${name}/dataset.json`, 'utf8')) as Record<
      string,
      unknown
    >;
    const documents = new Set(rows<Row>(`datasets/${name}/corpus.jsonl`).map(({ _id }) => _id));
    const queries = new Set(rows<Row>(`datasets/${name}/queries.jsonl`).map(({ _id }) => _id));
    const [, ...judged] = readFileSync(`${root}datasets/${name}/qrels/test.tsv`, 'utf8').trim().split('\n');
    const pairs = judged.map((line) => line.split('\t'));
    expect(card, name).toMatchObject({ name, queries: queries.size, documents: documents.size });
    expect(card.training, name).toBe(
      name === 'gcide-quotations'
        ? 'texts'
        : furtherCollections.some((one) => one === source)
          ? 'none'
          : 'pairs',
    );
    expect(new Set(pairs.map(([query]) => query)), name).toEqual(queries);
    for (const [, document] of pairs) expect(documents.has(document!), `${name} ${document}`).toBe(true);
    expect(queries.size).toBeGreaterThanOrEqual(200);
    expect(queries.size).toBeLessThanOrEqual(500);
    expect(documents.size).toBeGreaterThanOrEqual(1500);
    expect(documents.size).toBeLessThanOrEqual(4000);
  }
});

test('no text of a further collection shares eight words in a row, or all, with one that was trained on', () => {
  const own = new Set(furtherCollections.flatMap((source) => textsOf(nameOf(source))).flatMap(runsOf));
  const pairs = readdirSync(`${root}training`).flatMap((file) =>
    rows<{ readonly query: string; readonly positive: string }>(`training/${file}`),
  );
  const seen = [
    ...pairs.flatMap(({ query, positive }) => [query, positive]),
    ...bundledCollections.flatMap((source) => textsOf(nameOf(source))),
  ];
  expect(seen.filter((text) => runsOf(text).some((run) => own.has(run)))).toEqual([]);
});
