import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { hubEntries } from '../../../../src/lab/data/hub/entries.ts';
import { loadHubCollection } from '../../../../src/lab/data/hub/load.ts';
import { understand } from '../../../../src/lab/data/understand.ts';
import { modelSource } from '../../../../src/lab/spec/spec.ts';
import { fakeHub } from '../../../support/fakeHub.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines, source } from '../../../support/source.ts';

afterEach(() => vi.unstubAllGlobals());

const judgements = 'query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t1\n';
const corpus = [
  { _id: 'd1', title: 'Heat', text: 'moves' },
  { _id: 'd2', title: '', text: 'Light is fast.' },
  { _id: 'd3', title: 'Rain', text: 'falls' },
];
const queries = [
  { _id: 'q0', text: 'judged nowhere' },
  { _id: 'q1', text: 'what moves' },
  { _id: 'q2', text: 'what falls' },
];
const gzipped = (records: readonly object[]): Uint8Array => gzipSync(jsonLines(...records));
const column = (records: readonly object[], name: string): string[] =>
  records.map((record) => String((record as Record<string, unknown>)[name]));

/** BEIR's repositories as they were first laid out: packed lines. */
const lines = {
  'README.md': '# BEIR',
  'corpus.jsonl.gz': gzipped(corpus.map((record) => ({ ...record, metadata: {} }))),
  'queries.jsonl.gz': gzipped(queries.map((record) => ({ ...record, metadata: {} }))),
};

/** The same as Parquet, as the hub turns them. */
const turned = {
  'corpus/quora-corpus.parquet': parquet({
    _id: column(corpus, '_id'),
    title: column(corpus, 'title'),
    text: column(corpus, 'text'),
  }),
  'queries/quora-queries.parquet': parquet({
    _id: column(queries, '_id'),
    title: ['', '', ''],
    text: column(queries, 'text'),
  }),
};

const readBeir = {
  corpus: { ids: ['d1', 'd2', 'd3'], texts: ['Heat moves', 'Light is fast.', 'Rain falls'] },
  queries: { ids: ['q1', 'q2'], texts: ['what moves', 'what falls'] },
  qrels: [new Map([[0, 1]]), new Map([[2, 1]])],
};

/** Two pairs of one query, and one of another. */
const pairsIn = (first: string, second: string): Uint8Array =>
  parquet({ [first]: ['a', 'b', 'a'], [second]: ['x', 'y', 'z'] });
const readPairs = {
  queries: { ids: ['q1', 'q2'], texts: ['a', 'b'] },
  corpus: { ids: ['d1', 'd2', 'd3'], texts: ['x', 'y', 'z'] },
  qrels: [
    new Map([
      [0, 1],
      [2, 1],
    ]),
    new Map([[1, 1]]),
  ],
};

type Repositories = Parameters<typeof fakeHub>[0];

/** Files with the paths and the columns of the hub's. */
const repositories: Readonly<Record<string, readonly Repositories[]>> = {
  'msmarco/dev/small': [
    {
      'sentence-transformers/msmarco-corpus': {
        'passage/train-00000-of-00002.parquet': parquet({
          pid: [0n, 1n],
          text: ['Heat moves', 'Light is fast.'],
        }),
        'passage/train-00001-of-00002.parquet': parquet({ pid: [2n], text: ['Rain falls'] }),
        'queries/train-00000-of-00001.parquet': parquet({
          qid: [1_000_000n, 1_048_585n, 2n],
          text: ['judged nowhere', 'what moves', 'what falls'],
        }),
      },
      'BeIR/msmarco-qrels': {
        'dev.tsv': 'query-id\tcorpus-id\tscore\n1048585\t0\t1\n2\t2\t1\n',
        'train.tsv': 'query-id\tcorpus-id\tscore\n7\t0\t1\n',
      },
    },
  ],
  'beir/quora/dev': [
    { 'BeIR/quora': lines, 'BeIR/quora-qrels': { 'dev.tsv': judgements, 'test.tsv': 'q0\td1\t1\n' } },
    { 'BeIR/quora': turned, 'BeIR/quora-qrels': { 'dev.tsv': judgements } },
  ],
  'beir/scifact/test': [
    { 'BeIR/scifact': lines, 'BeIR/scifact-qrels': { 'test.tsv': judgements, 'train.tsv': 'q0\td1\t1\n' } },
  ],
  'beir/fiqa/dev': [
    { 'BeIR/fiqa': lines, 'BeIR/fiqa-qrels': { 'dev.tsv': judgements, 'test.tsv': 'q0\td1\t1\n' } },
  ],
  'stsb/train': [
    {
      'sentence-transformers/stsb': {
        'data/test-00000-of-00001.parquet': pairsIn('sentence1', 'sentence2'),
        'data/train-00000-of-00001.parquet': parquet({
          sentence1: ['a', 'b', 'a', 'c'],
          sentence2: ['x', 'y', 'z', 'w'],
          score: [0.76, 1, 0.51, 0.5],
        }),
      },
    },
  ],
  'all-nli/train': [
    {
      'sentence-transformers/all-nli': {
        'pair/dev-00000-of-00001.parquet': parquet({ anchor: ['n'], positive: ['n'] }),
        'pair/train-00000-of-00001.parquet': pairsIn('anchor', 'positive'),
        'pair-class/train-00000-of-00001.parquet': parquet({
          premise: ['n'],
          hypothesis: ['n'],
          label: [1n],
        }),
        'triplet/train-00000-of-00001.parquet': parquet({ anchor: ['n'], positive: ['n'], negative: ['n'] }),
      },
    },
  ],
  'simplewiki/train': [
    {
      'sentence-transformers/simple-wiki': {
        'pair/train-00000-of-00001.parquet': pairsIn('text', 'simplified'),
      },
    },
  ],
  'natural-questions/train': [
    {
      'sentence-transformers/natural-questions': {
        'pair/train-00000-of-00001.parquet': pairsIn('query', 'answer'),
      },
    },
  ],
  'eli5/train': [
    { 'sentence-transformers/eli5': { 'pair/train-00000-of-00001.parquet': pairsIn('question', 'answer') } },
  ],
  'sentence compression/train': [
    {
      'sentence-transformers/sentence-compression': {
        'pair/train-00000-of-00001.parquet': pairsIn('text', 'simplified'),
      },
    },
  ],
  'gooaq/train': [
    {
      'sentence-transformers/gooaq': {
        'pair/train-00000-of-00002.parquet': parquet({ question: ['a', 'b'], answer: ['x', 'y'] }),
        'pair/train-00001-of-00002.parquet': parquet({ question: ['a'], answer: ['z'] }),
      },
    },
  ],
};

const expected: Readonly<Record<string, object>> = {
  'msmarco/dev/small': {
    ...readBeir,
    corpus: { ids: ['0', '1', '2'], texts: readBeir.corpus.texts },
    queries: { ids: ['1048585', '2'], texts: readBeir.queries.texts },
  },
  'stsb/train': { ...readPairs, corpus: { ids: ['d1', 'd2', 'd3', 'd4'], texts: ['x', 'y', 'z', 'w'] } },
};

const served = hubEntries.flatMap((entry) =>
  entry.repository === null ? [] : [{ ...entry, repository: entry.repository }],
);

test.each(served)('$id is read from files with the columns of the hub', async (entry) => {
  const hubs = repositories[entry.id] ?? [];
  expect(hubs.length).toBeGreaterThan(0);
  for (const files of hubs) {
    const { context } = fakeHub(files);
    const { collection, warnings } = await loadHubCollection(
      { source: `hub:${entry.repository}`, split: entry.split, queries: null, documents: null },
      context,
      { seed: 1 },
    );
    expect(collection).toMatchObject(
      expected[entry.id] ?? (entry.layout.kind === 'beir' ? readBeir : readPairs),
    );
    expect(collection).toMatchObject({
      name: entry.name,
      source: `hub:${entry.repository}@c0ffee`,
      licence: entry.licence,
      ...(entry.layout.kind === 'beir' ? { judgements: `hub:${entry.layout.judgements}@c0ffee` } : {}),
    });
    const said =
      entry.id === 'stsb/train'
        ? '1 of 4 pairs score 0.5 or less; they do not count as relevant.'
        : entry.layout.kind === 'beir'
          ? 'Queries without a relevant document in this split, not measured: 1 ('
          : null;
    expect(warnings).toEqual(said === null ? [] : [expect.stringContaining(said)]);
  }
});

test('zeshel is read from its folder', async () => {
  const { load } = await understand('zeshel', [
    source(
      'mentions/test.json',
      jsonLines({
        mention_id: 'A67C0D65787A42DB',
        context_document_id: '000523A4D586C293',
        corpus: 'forgotten_realms',
        start_index: 2,
        end_index: 2,
        text: 'technician',
        label_document_id: '0009247003C7CB16',
        category: 'LOW_OVERLAP',
      }),
    ),
    source(
      'documents/forgotten_realms.json',
      jsonLines(
        { document_id: '000523A4D586C293', title: 'Warner', text: 'Warner the technician' },
        { document_id: '0009247003C7CB16', title: 'Technicians', text: 'Technicians mend things' },
      ),
    ),
  ]);
  const { collection } = await load('test');
  expect(collection.queries.texts).toEqual(['Warner the technician']);
  expect(collection.qrels).toEqual([new Map([[1, 1]])]);
});

test('there are twelve, told apart by id, name and repository, one for each collection of the paper', () => {
  expect(hubEntries).toHaveLength(12);
  for (const key of ['id', 'name', 'repository'] as const) {
    expect(new Set(hubEntries.map((entry) => entry[key])).size).toBe(12);
  }
  for (const { repository } of served) expect(modelSource.safeParse(`hub:${repository}`).success).toBe(true);
  const table = JSON.parse(
    readFileSync(new URL('../../../../src/lab/paper/reported.json', import.meta.url), 'utf8'),
  ) as { table1: { dataset: string }[] };
  expect(hubEntries.map(({ id }) => id)).toEqual(table.table1.map(({ dataset }) => dataset));
});
