import { openAsBlob, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Collection } from '../../../src/lab/data/collection.ts';
import { type DroppedSource, type Understood, understand } from '../../../src/lab/data/understand.ts';

/** Files whose oddities come from public bug trackers; right outcomes were worked out by hand. */
const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url));

/** What a page drop and `local:` both read. */
async function read(name: string): Promise<Understood> {
  const folder = join(cases, name, 'data');
  const [entry] = readdirSync(folder, { withFileTypes: true });
  const base = entry?.isDirectory() ? join(folder, entry.name) : folder;
  const paths = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(base.length + 1));
  const files = paths.map(
    (path): DroppedSource => ({
      name: path,
      path,
      stream: async () => (await openAsBlob(join(base, path))).stream(),
    }),
  );
  return await understand('c', files);
}

async function load(name: string): Promise<{ collection: Collection; warnings: readonly string[] }> {
  const { load: loadSplit, preview } = await read(name);
  return await loadSplit(preview.split);
}

/** Query id to the ids of its relevant documents. */
function relevant({ queries, corpus, qrels }: Collection): Record<string, string[]> {
  return Object.fromEntries(
    queries.ids.map((id, q) => [
      id,
      [...qrels[q]!].filter(([, grade]) => grade > 0).map(([row]) => corpus.ids[row]!),
    ]),
  );
}

function pairs({ queries, corpus, qrels }: Collection): string[][] {
  return qrels.flatMap((judged, q) =>
    [...judged.keys()].map((row) => [queries.texts[q]!, corpus.texts[row]!]),
  );
}

const documents: Readonly<Record<string, string>> = {
  d1: 'Kettle A kettle boils water for tea on the stove.',
  d2: 'Bicycle A bicycle has two wheels and a chain.',
  d3: 'Violin The violin is played with a bow of horsehair.',
  d4: 'Glacier A glacier is a slow river of ice.',
  d5: 'Compiler A compiler turns source code into machine code.',
  d6: 'Lighthouse A lighthouse warns ships of rocks at night.',
  d7: 'Beehive Bees store honey in the combs of a hive.',
  d8: 'Anchor An anchor holds a ship in place.',
  d9: 'Lantern A lantern gives light in the dark.',
  d10: 'Teapot Tea is brewed in a teapot with hot water.',
  d11: 'Parser A parser reads code and builds a tree.',
  d12: 'Cello The cello is a large string instrument.',
};
const judged = { q1: ['d1', 'd10'], q2: ['d3', 'd12'], q3: ['d5'] };

describe('collections', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'D01',
      {},
      ['Documents without a text, left out: 2 (corpus.jsonl, line 13, "d13"; corpus.jsonl, line 14, "d14").'],
    ],
    [
      'D02',
      {},
      [
        'Judgements of documents that are not there or have no text, left out: 1 (qrels/test.tsv, line 7, "d99b").',
      ],
    ],
    [
      'D03',
      {},
      [
        'Judgements of queries that are not there or have no text, left out: 1 (qrels/test.tsv, line 7, "PLAIN-2").',
      ],
    ],
    ['D05', {}, []],
    ['D07', {}, []],
    ['D09', { d12: 'Cello\u2028x The cello\u2029 is\u0085 a large\u2028 string instrument.' }, []],
    [
      'D11',
      {
        d10: 'Tea is brewed in a teapot with hot water.',
        d11: 'A parser reads code.',
        d12: '7 The cello is a large string instrument.',
      },
      [],
    ],
    ['D11b', { d12: 'The cello is a large string instrument' }, []],
    [
      'D12',
      {
        d10: 'x broken \ud83d half',
        d11: 'x broken \udc00 half',
        d12: '👩‍💻 \u200b\u200b\u2060',
        d13: '\u200b\u200b',
        d14: '紅茶 お茶を飲む。',
        d15: 'a\u0000b',
      },
      [],
    ],
    ['D13', {}, ['Documents that repeat one before, merged: 1 (corpus.jsonl, line 13, "d4").']],
    ['Q01', {}, []],
    ['Q02', {}, []],
    ['Q03', {}, []],
    [
      'Q04',
      {},
      [
        'Judgements that give a pair another score than one before; the last counts: 1 (qrels/test.tsv, line 7, "q1, d1").',
      ],
    ],
    ['Q05', {}, []],
    ['T05', {}, []],
  ])('%s is read', async (name, texts, warnings) => {
    const { collection, warnings: said } = await load(name);
    const { ids, texts: read } = collection.corpus;
    expect(Object.fromEntries(ids.map((id, row) => [id, read[row]]))).toEqual({ ...documents, ...texts });
    expect(collection.queries).toEqual({
      ids: ['q1', 'q2', 'q3'],
      texts: [
        'what boils water for tea',
        'instrument played with a bow',
        'program that translates source code',
      ],
    });
    expect(relevant(collection)).toEqual(judged);
    expect(said).toEqual(warnings);
  });

  test('D06: integer ids beyond 2^53 keep their digits', async () => {
    const { collection, warnings } = await load('D06');
    expect(collection.corpus.ids).toEqual(
      Array.from({ length: 12 }, (_, row) => String(9007199254740993n + BigInt(row))),
    );
    expect(relevant(collection)).toEqual({
      q1: ['9007199254740993'],
      q2: ['9007199254740995'],
      q3: ['9007199254740997'],
    });
    expect(warnings).toEqual([]);
  });

  test('D08: only positive grades are relevant, all are kept', async () => {
    const { collection } = await load('D08');
    expect(relevant(collection)).toEqual({ q1: ['d1', 'd10'], q2: ['d3'], q3: ['d5'] });
    expect(collection.qrels.map((grades) => [...grades.values()])).toEqual([
      [3, 1.5, -2],
      [2, 0],
      [1, -1],
    ]);
  });

  test('Q04: the last of two judgements counts', async () => {
    const { collection } = await load('Q04');
    expect(collection.qrels[0]!.get(0)).toBe(2);
  });
});

describe('pairs', () => {
  test.each<[string, readonly (readonly string[])[]]>([
    [
      'P01',
      [
        ['a kettle', 'boils water'],
        ['a bow', 'plays violin'],
      ],
    ],
    [
      'P01b',
      [
        ['a kettle', 'boils water'],
        ['a bow', 'plays violin'],
      ],
    ],
    [
      'P01c',
      [
        ['a kettle', 'boils water'],
        ['a bow', 'plays violin'],
        ['x y', 'z t'],
        ['w', 'v'],
      ],
    ],
    [
      'P02b',
      [
        ['two "quotes" here', 'line one\nline two'],
        ['plain', 'tab\there'],
      ],
    ],
    // 0,9 is above half of it, 0,1 is not.
    ['P03', [['kettle, copper', 'boils water, fast']]],
    [
      'P03b',
      [
        ['kettle, copper', 'boils water, fast'],
        ['bow', 'plays violin'],
      ],
    ],
    ['P04', [['How do I boil water?', 'How is water boiled?']]],
    [
      'P05',
      [
        ['"unbalanced start of a cell', 'another 5" screen'],
        ['plain', 'plain too'],
      ],
    ],
    ['P08', [['kettle', 'boils water']]],
    // Halfway from -9.25 to -1.5 is -5.375.
    [
      'P09',
      [
        ['kettle', 'boils water'],
        ['bow', 'violin'],
      ],
    ],
    [
      'P10',
      [
        ['kettle', 'boils water'],
        ['bow', 'plays violin'],
      ],
    ],
    ['P11', [['kettle', 'boils water']]],
  ])('%s is read', async (name, expected) => {
    const { collection } = await load(name);
    expect(pairs(collection)).toEqual(expected);
  });

  test('P09: of scores below 0 the threshold and the rows below it are said', async () => {
    expect((await load('P09')).warnings).toEqual([
      '1 of 3 pairs score -5.375 or less, halfway from the lowest to the highest, as none is above 0; they do not count as relevant.',
    ]);
  });

  test.each([
    ['D10', /^corpus\.jsonl, line 12: is not JSON \(.*NaN.*\); put one JSON object on each line\.$/],
    ['P02', /^esc\.csv, line 2: has a quotation mark inside a quoted cell that is not doubled; write ""/],
    ['P06', /^tab\.tsv, line 2: has 3 columns where the first line has 2; correct the line\.$/],
    ['P07', /^nan\.jsonl, line 1: is not JSON \(.+\); put one JSON object on each line\.$/],
    [
      'P12',
      /^latin1\.tsv, line 3: is not UTF-8, but perhaps Latin-1 or Windows-1252; save the file as UTF-8\.$/,
    ],
    ['P13', /^trail\.jsonl, line 1: is not JSON \(.+\); put one JSON object on each line\.$/],
  ])('%s is refused with file, line and reason', async (name, words) => {
    await expect(load(name)).rejects.toThrow(words);
  });

  test('T05: a negative that is missing, empty or null is none', async () => {
    const file = join(cases, 'T05', 'data', 'p.jsonl');
    const source = {
      name: 'p.jsonl',
      path: 'p.jsonl',
      stream: async () => (await openAsBlob(file)).stream(),
    };
    const { trainingPairs } = await understand('p', [source]);
    const { pairs: read, warnings } = await trainingPairs('all');
    expect(warnings).toEqual([]);
    expect(read).toHaveLength(12);
    expect(read.slice(0, 2)).toEqual([
      { query: 'kettle 0', positive: 'boils water number 0', negatives: ['other thing 0'] },
      { query: 'kettle 1', positive: 'boils water number 1', negatives: [] },
    ]);
  });
});
