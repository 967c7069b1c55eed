import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReadCollection } from '../../../src/lab/data/beir.ts';
import { collectionHash } from '../../../src/lab/data/hash.ts';
import { loadCollection } from '../../../src/lab/data/load.ts';
import { understand } from '../../../src/lab/data/understand.ts';
import { startHub } from '../../support/hub/server.ts';
import { jsonLines, source } from '../../support/source.ts';

/** Faults of collections as BEIR publishes them. */
const collections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Rows without a text, one of them judged.
  fiqa: {
    'corpus.jsonl': jsonLines(
      { _id: '1', title: '', text: 'Sell short' },
      { _id: '2', title: '', text: '' },
      { _id: '3', title: '', text: 'Buy and hold' },
      { _id: '4', title: '', text: ' ' },
    ),
    'queries.jsonl': jsonLines(
      { _id: '8', text: 'What is shorting?' },
      { _id: '9', text: 'How long to hold?' },
    ),
    'qrels/test.tsv': 'query-id\tcorpus-id\tscore\n8\t1\t1\n8\t2\t1\n9\t3\t1\n',
  },
  // Queries that are documents, and a judgement of a document that is not there.
  arguana: {
    'corpus.jsonl': jsonLines(
      { _id: 'a-pro', title: 'A', text: 'for it' },
      { _id: 'a-con', title: 'A', text: 'against it' },
      { _id: 'a-con', title: 'A', text: 'against it' },
    ),
    'queries.jsonl': jsonLines({ _id: 'a-pro', text: 'for it' }, { _id: 'a-con', text: 'against it' }),
    'qrels/test.tsv': 'query-id\tcorpus-id\tscore\na-pro\ta-con\t1\na-con\ta-pro\t1\na-con\tgone\t1\n',
  },
  // A judgement of a query that is not there, one given twice, and a query that only another split judges.
  nfcorpus: {
    'corpus.jsonl': jsonLines({ _id: 'MED-1', title: 'T', text: 'diet' }, { _id: 'MED-2', text: 'statins' }),
    'queries.jsonl': jsonLines(
      { _id: 'PLAIN-1', text: 'diet' },
      { _id: 'PLAIN-3', text: 'of another split' },
    ),
    'qrels/test.tsv':
      'query-id\tcorpus-id\tscore\nPLAIN-1\tMED-1\t2\nPLAIN-2\tMED-1\t1\nPLAIN-1\tMED-2\t1\nPLAIN-1\tMED-2\t2\n',
  },
};

const warnings: Readonly<Record<string, readonly string[]>> = {
  fiqa: [
    'Documents without a text, left out: 2 (corpus.jsonl, line 2, "2"; corpus.jsonl, line 4, "4").',
    'Judgements of documents that are not there or have no text, left out: 1 (qrels/test.tsv, line 3, "2").',
  ],
  arguana: [
    'Judgements of documents that are not there or have no text, left out: 1 (qrels/test.tsv, line 4, "gone").',
    'Documents that repeat one before, merged: 1 (corpus.jsonl, line 3, "a-con").',
  ],
  nfcorpus: [
    'Judgements of queries that are not there or have no text, left out: 1 (qrels/test.tsv, line 3, "PLAIN-2").',
    'Judgements that give a pair another score than one before; the last counts: 1 (qrels/test.tsv, line 5, "PLAIN-1, MED-2").',
    'Queries without a relevant document in this split, not measured: 1 (queries.jsonl, line 2, "PLAIN-3").',
  ],
};

const base = 'http://lab.test/';
const hub = await startHub({
  datasets: Object.fromEntries(Object.entries(collections).map(([name, files]) => [`owner/${name}`, files])),
});
afterAll(() => hub.close());

beforeEach(() => {
  const real = fetch;
  vi.stubGlobal('fetch', (address: string | URL, init?: RequestInit) => {
    const path = String(address).startsWith(base) ? String(address).slice(base.length) : null;
    return path === null ? real(address, init) : Promise.resolve(answer(path));
  });
});
afterEach(() => vi.unstubAllGlobals());

/** As the command line serves `--data`, and any server the bundled collections. */
function answer(path: string): Response {
  const [, name = '', file] = /^(?:__local\/data|datasets)\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  const files = collections[name] ?? {};
  if (file) {
    const content = files[file];
    return content === undefined ? new Response(null, { status: 404 }) : new Response(content);
  }
  return new Response(JSON.stringify(Object.keys(files)), {
    headers: { 'Content-Type': 'application/json' },
  });
}

async function everyWay(name: string): Promise<Record<string, ReadCollection>> {
  const files = Object.entries(collections[name]!).map(([path, content]) => source(path, content));
  const context = {
    base,
    hub: hub.url,
    folders: new Map(),
    understood: new Map([[name, await understand(name, files)]]),
  };
  const read: Record<string, ReadCollection> = {};
  for (const from of [`folder:${name}`, `local:${name}`, `bundled:${name}`, `hub:owner/${name}`]) {
    const dataset = { source: from, split: 'test', queries: null, documents: null };
    read[from] = await loadCollection(dataset, context, { seed: 1 });
  }
  return read;
}

test.each(Object.keys(collections))(
  '%s reads the same, with the same warnings and counts, from a drop, local:, bundled: and the hub',
  async (name) => {
    const ways = await everyWay(name);
    const [first] = Object.values(ways);
    const hash = collectionHash(first!.collection);
    for (const [from, { collection, warnings: said }] of Object.entries(ways)) {
      // Files are named by where they lie; that apart, all is the same.
      const lies = new RegExp(
        `(hub:owner/${name}@\\w+|bundled:${name}|${name})/(?=qrels/|\\w+\\.jsonl)`,
        'g',
      );
      const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replace(lies, ''));
      expect(collectionHash(collection), from).toBe(hash);
      expect(plain(said), from).toEqual(warnings[name]);
      expect(plain(collection.counts), from).toEqual(first!.collection.counts);
    }
  },
);

test('what is left of them is what was judged', async () => {
  const fiqa = Object.values(await everyWay('fiqa'))[0]!.collection;
  expect(fiqa.corpus.ids).toEqual(['1', '3']);
  expect(fiqa.qrels).toEqual([new Map([[0, 1]]), new Map([[1, 1]])]);
  const arguana = Object.values(await everyWay('arguana'))[0]!.collection;
  expect(arguana.queries.ids).toEqual(['a-pro', 'a-con']);
  expect(arguana.qrels).toEqual([new Map([[1, 1]]), new Map([[0, 1]])]);
  const nfcorpus = Object.values(await everyWay('nfcorpus'))[0]!.collection;
  expect(nfcorpus.queries.ids).toEqual(['PLAIN-1']);
  expect(nfcorpus.qrels).toEqual([
    new Map([
      [0, 2],
      [1, 2],
    ]),
  ]);
});
