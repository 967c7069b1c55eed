import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Collection } from '../../../../src/lab/data/collection.ts';
import { loadHubCollection } from '../../../../src/lab/data/hub/load.ts';
import { sampleCollection } from '../../../../src/lab/data/sample.ts';
import { defaultPatience, setHubAccess } from '../../../../src/lab/hub/access.ts';
import type { DatasetSpec } from '../../../../src/lab/spec/spec.ts';
import { commit, type FakeHub, fakeHub, hub } from '../../../support/fakeHub.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines } from '../../../support/source.ts';

afterEach(() => vi.unstubAllGlobals());

async function load(
  { context }: FakeHub,
  dataset: Partial<DatasetSpec> = {},
  seed = 1,
): Promise<{ collection: Collection; warnings: readonly string[] }> {
  return await loadHubCollection(
    { source: 'hub:owner/name', split: 'train', queries: null, documents: null, ...dataset },
    context,
    { seed },
  );
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** Texts that do not compress to nothing. */
const text = (kind: string, n: number): string =>
  `${kind} ${n} ${numbers(12)
    .map((k) => Math.imul(n * 12 + k + 1, 0x9e3779b1) >>> 0)
    .join(' ')}`;

describe('pairs', () => {
  test('equal texts are one, blank rows are left out and counted, lists of documents are several pairs', async () => {
    const served = fakeHub({
      'owner/name': {
        'train.jsonl': jsonLines(
          { query: 'a', pos: ['x', 'y'] },
          { query: 'b', pos: ['x'] },
          { query: ' ', pos: ['z'] },
          { query: 'c', pos: [] },
        ),
      },
    });
    const { collection, warnings } = await load(served);
    const at = `hub:owner/name@${commit}/train.jsonl`;
    expect(collection.queries.texts).toEqual(['a', 'b']);
    expect(collection.corpus.texts).toEqual(['x', 'y']);
    expect(collection.qrels.map((judged) => [...judged.keys()])).toEqual([[0, 1], [0]]);
    expect(warnings).toEqual([
      `Rows without a query or a document, left out: 2 (${at}, line 3; ${at}, line 4).`,
    ]);
  });

  test("the spec's columns, subset and threshold stand over the names", async () => {
    const served = fakeHub({
      'owner/name': {
        'a/train.parquet': parquet({ query: ['no'], answer: ['no'] }),
        'b/train-00000-of-00001.parquet': parquet({
          links: ['a', 'b', 'c'],
          rechts: ['x', 'y', 'z'],
          grad: [3, 2, 5],
          query: ['n', 'n', 'n'],
        }),
      },
    });
    const columns = { query: 'links', document: 'rechts', score: 'grad', threshold: 2, subset: 'b' };
    const { collection } = await load(served, { columns });
    expect(collection.queries.texts).toEqual(['a', 'c']);
    expect(collection.corpus.texts).toEqual(['x', 'y', 'z']);
    const { threshold: _, ...without } = columns;
    // Above half of the highest, 2.5.
    expect((await load(served, { columns: without })).collection.queries.texts).toEqual(['a', 'c']);
    await expect(load(served, { columns: { ...columns, threshold: 5 } })).rejects.toThrow(
      'has no pair scored above 5; check the score column',
    );
  });

  const rows = numbers(20_000);
  const questions = rows.map((n) => text('question', n));
  const answers = rows.map((n) => text('answer', n));
  const large = {
    'owner/name': {
      'pair/train-00000-of-00002.parquet': parquet(
        { question: questions.slice(0, 12_000), answer: answers.slice(0, 12_000) },
        { rowGroupSize: 100 },
      ),
      'pair/train-00001-of-00002.parquet': parquet(
        { question: questions.slice(12_000), answer: answers.slice(12_000) },
        { rowGroupSize: 100 },
      ),
    },
  };
  const size = Object.values(large['owner/name']).reduce((sum, bytes) => sum + bytes.length, 0);
  const sentBytes = ({ sent }: FakeHub): number => [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);

  test('a sample fetches the row groups it needs, and is the same every time', async () => {
    const first = fakeHub(large);
    const { collection } = await load(first, { documents: 500 });
    expect(collection.corpus.texts).toHaveLength(500);
    expect(collection.queries.texts).toHaveLength(500);
    expect(collection.of).toEqual({ queries: 20_000, documents: 20_000 });
    for (const [q, judged] of collection.qrels.entries()) {
      const [row] = judged.keys();
      expect(collection.corpus.texts[row!]!.slice(6)).toBe(collection.queries.texts[q]!.slice(8));
    }
    // 32 of 200 groups, and the files' ends.
    expect(sentBytes(first)).toBeLessThan(size / 2);
    expect((await load(fakeHub(large), { documents: 500 })).collection).toEqual(collection);
    const other = await load(fakeHub(large), { documents: 500 }, 2);
    expect(other.collection.corpus.texts).not.toEqual(collection.corpus.texts);
  });

  test('a sample comes from all over the data set, in its order', async () => {
    const { collection } = await load(fakeHub(large), { documents: 2000 });
    const at = collection.corpus.texts.map((answer) => Number(answer.split(' ')[1]));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    for (const quarter of numbers(4)) {
      const share = at.filter((n) => Math.floor(n / 5000) === quarter).length;
      expect(share, `rows ${quarter * 5000} on`).toBeGreaterThan(0);
    }
  });

  test('more queries than documents ask for as many rows as queries; the rest is cut as ever', async () => {
    const { collection } = await load(fakeHub(large), { queries: 300, documents: 100 });
    expect(collection.queries.texts).toHaveLength(300);
    const cut = sampleCollection(collection, { queries: 50, documents: 100, seed: 1 });
    expect([cut.queries.ids.length, cut.corpus.ids.length]).toEqual([50, 100]);
  });

  test('a sample as large as the data set is all of it, also without parts', async () => {
    const pairs = numbers(30).map((n) => [text('question', n), text('answer', n)]);
    const packed = fakeHub({ 'owner/name': { 'train.jsonl.gz': gzipSync(jsonLines(...pairs)) } });
    const dataset = { columns: { query: 'column 1', document: 'column 2' } };
    const { collection } = await load(packed, { ...dataset, documents: 1000 });
    expect(collection.corpus.texts).toEqual(pairs.map(([, answer]) => answer));
    expect((await load(packed, { ...dataset, documents: 7 })).collection.corpus.texts).toHaveLength(7);
  });

  test('a .csv and a .tsv are read by their headers', async () => {
    for (const [path, content] of [
      ['train.csv', 'question,answer\n"a, b",x\n'],
      ['train.tsv', 'question\tanswer\na, b\tx\n'],
    ] as const) {
      const { collection } = await load(fakeHub({ 'owner/name': { [path]: content } }));
      expect([collection.queries.texts, collection.corpus.texts]).toEqual([['a, b'], ['x']]);
    }
  });
});

describe("BEIR's layout", () => {
  const ids = numbers(20_000);
  const passages = ids.map((n) => text('passage', n));
  const byNumber = {
    'owner/name': {
      'corpus/train-00000-of-00001.parquet': parquet(
        { _id: ids.map(BigInt), text: passages },
        { rowGroupSize: 100 },
      ),
      'queries/train.jsonl': jsonLines(...numbers(40).map((n) => ({ _id: n, text: `query ${n}` }))),
      'qrels/test.tsv': `query-id\tcorpus-id\tscore\n${numbers(40)
        .map((n) => `${n}\t${n * 100 + 7}\t1\n${n}\t${n * 100 + 8}\t0`)
        .join('\n')}\n`,
    },
  };
  const dataset = { split: 'test', queries: 5, documents: 60 };

  test('of numbered passages the parts with relevant ones and a seeded sample are fetched', async () => {
    const served = fakeHub(byNumber);
    const { collection } = await load(served, dataset);
    expect(collection.queries.ids).toHaveLength(5);
    expect(collection.corpus.ids).toHaveLength(60);
    expect(collection.of).toEqual({ queries: 40, documents: 20_000 });
    for (const [q, judged] of collection.qrels.entries()) {
      const relevant = [...judged]
        .filter(([, grade]) => grade > 0)
        .map(([row]) => collection.corpus.ids[row]);
      expect(relevant).toEqual([String(Number(collection.queries.ids[q]) * 100 + 7)]);
    }
    const path = 'owner/name/corpus/train-00000-of-00001.parquet';
    const size = byNumber['owner/name']['corpus/train-00000-of-00001.parquet'].length;
    expect(served.sent.get(path)).toBeLessThan(size * 0.6);
    // The pipeline's own sampling finds nothing left to cut.
    expect(sampleCollection(collection, { queries: 5, documents: 60, seed: 1 })).toEqual(collection);
    expect((await load(fakeHub(byNumber), dataset)).collection).toEqual(collection);
  });

  test('the sample of a stream holds the relevant documents, and does not depend on the order of its lines', async () => {
    const documents = numbers(300).map((n) => ({ _id: `doc${n}`, text: text('passage', n) }));
    const rest = {
      'queries.jsonl': jsonLines({ _id: 'a', text: 'one' }, { _id: 'b', text: 'two' }),
      'qrels/test.tsv': 'a\tdoc5\t1\nb\tdoc250\t2\n',
    };
    const kept: string[][] = [];
    for (const order of [documents, documents.toReversed()]) {
      const served = fakeHub({ 'owner/name': { ...rest, 'corpus.jsonl.gz': gzipSync(jsonLines(...order)) } });
      const { collection } = await load(served, { split: 'test', documents: 20 });
      expect(collection.of).toEqual({ queries: 2, documents: 300 });
      kept.push([...collection.corpus.ids].sort());
    }
    expect(kept[0]).toHaveLength(20);
    expect(kept[0]).toEqual(expect.arrayContaining(['doc5', 'doc250']));
    expect(kept[1]).toEqual(kept[0]);
  });

  test('what judgements name in vain is left out and said', async () => {
    const served = fakeHub({
      'owner/name': {
        'corpus.jsonl': jsonLines(
          { _id: '1', text: 'one' },
          { _id: '2', text: '' },
          { _id: '1', text: 'twice' },
        ),
        'queries.jsonl': jsonLines({ _id: 'a', text: 'first' }, { _id: 'b', text: 'second' }),
        'qrels/test.tsv': 'a\t1\t1\na\t9\t1\nb\t2\t1\nz\t1\t1\n',
      },
    });
    const { collection, warnings } = await load(served, { split: 'test' });
    expect(collection.corpus.texts).toEqual(['one']);
    expect(collection.queries.ids).toEqual(['a']);
    const at = `hub:owner/name@${commit}`;
    expect(warnings).toEqual([
      `Documents without a text, left out: 1 (${at}/corpus.jsonl, line 2, "2").`,
      `Documents with the id of one before and another text, left out: 1 (${at}/corpus.jsonl, line 3, "1").`,
      `Judgements of queries that are not there or have no text, left out: 1 (${at}/qrels/test.tsv, line 4, "z").`,
      `Judgements of documents that are not there or have no text, left out: 2 (${at}/qrels/test.tsv, line 2, "9"; ${at}/qrels/test.tsv, line 3, "2").`,
      `Queries without a relevant document in this split, not measured: 1 (${at}/queries.jsonl, line 2, "b").`,
    ]);
  });

  test('judgements are found beside the texts, in OWNER/NAME-qrels, or where the spec says; also as Parquet', async () => {
    const texts = {
      'corpus.jsonl': jsonLines({ _id: '1', text: 'one' }),
      'queries.jsonl': jsonLines({ _id: 'a', text: 'first' }),
    };
    const qrels = parquet({ 'query-id': ['a'], 'corpus-id': ['1'], score: [1n] });
    const beside = fakeHub({ 'owner/name': { ...texts, 'qrels/validation-00000-of-00001.parquet': qrels } });
    expect((await load(beside, { split: 'dev' })).collection.judgements).toBeUndefined();
    const apart = fakeHub({ 'owner/name': texts, 'owner/name-qrels': { 'dev.tsv': 'a\t1\t1\n' } });
    expect((await load(apart, { split: 'validation' })).collection.judgements).toBe(
      `hub:owner/name-qrels@${commit}`,
    );
    await expect(load(apart, { split: 'test' })).rejects.toThrow(
      'has no judgements for the split "test"; it has dev.',
    );
    const named = fakeHub({
      'owner/name': texts,
      'other/qrels': { 'test.jsonl': jsonLines({ query_id: 'a', corpus_id: 1, score: 1 }) },
    });
    const { collection } = await load(named, { split: 'test', judgements: 'hub:other/qrels@main' });
    expect(collection.qrels).toEqual([new Map([[0, 1]])]);
    await expect(load(named, { split: 'test' })).rejects.toThrow(
      `hub:owner/name@${commit}: has texts but no judgements, and hub:owner/name-qrels could not be opened`,
    );
  });
});

describe('what is wrong is said in a sentence', () => {
  const whole = parquet({ query: ['a'], answer: ['x'] });
  test.each([
    [{}, 'hub:owner/name@main is not there (hub.test answered 404)'],
    [{ 'owner/name': { 'README.md': '' } }, 'has no Parquet, .jsonl, .csv or .tsv file'],
    [{ 'owner/name': { 'data/test.parquet': whole } }, 'has no split "train"; it has test.'],
    [
      { 'owner/name': { 'train.parquet': parquet({ left: ['a'], right: ['b'] }) } },
      'train.parquet: has the columns left, right; a pair needs a query and a document',
    ],
    [
      { 'owner/name': { 'train.parquet': whole.slice(0, -20) } },
      'train.parquet: could not be read as Parquet',
    ],
    [{ 'owner/name': { 'train.jsonl': '{"query": "a",\n' } }, 'train.jsonl, line 1: is not JSON'],
    [
      { 'owner/name': { 'train.jsonl.gz': gzipSync('{"query": "a", "answer": "b"}\n').subarray(0, 30) } },
      'train.jsonl.gz: could not be unpacked; it is cut off or no gzip',
    ],
    [{ 'owner/name': { 'train.jsonl': '' } }, 'train.jsonl: is empty'],
  ])('%#', async (repositories, words) => {
    await expect(load(fakeHub(repositories as Parameters<typeof fakeHub>[0]))).rejects.toThrow(words);
  });

  test('a column that is not there', async () => {
    const served = fakeHub({ 'owner/name': { 'train.parquet': whole } });
    await expect(load(served, { columns: { query: 'query', document: 'text' } })).rejects.toThrow(
      'has no column "text"; it has query, answer.',
    );
    await expect(
      load(served, { columns: { query: 'query', document: 'answer', subset: 'pair' } }),
    ).rejects.toThrow('has no subset "pair"; it has (no folder).');
  });

  test('a stream that is cut at the same place again and again', async () => {
    setHubAccess({ patience: { ...defaultPatience, firstWaitMs: 1 } });
    onTestFinished(() => setHubAccess({ patience: defaultPatience }));
    const lines = jsonLines(...numbers(2000).map((n) => ({ query: text('q', n), answer: text('a', n) })));
    fakeHub({ 'owner/name': { 'train.jsonl': lines } });
    const fetched = fetch;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const response = await fetched(url, init);
      if (!url.endsWith('.jsonl')) return response;
      const start = new Uint8Array(await response.arrayBuffer()).slice(0, 1000);
      let pulled = false;
      const cut = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pulled) controller.error(new TypeError('terminated'));
          else controller.enqueue(start);
          pulled = true;
        },
      });
      return new Response(cut);
    });
    const context = { base: '', hub, folders: new Map() };
    await expect(load({ context, sent: new Map(), ranges: new Map() })).rejects.toThrow(
      'train.jsonl could not be fetched: the connection to hub.test was cut (tried 6 times)',
    );
  });
});

test('a listing of several pages is read to its end', async () => {
  const served = fakeHub(
    {
      'owner/name': {
        '.gitattributes': '',
        'README.md': '',
        'pair/train-00000-of-00002.parquet': parquet({ query: ['a'], answer: ['x'] }),
        'pair/train-00001-of-00002.parquet': parquet({ query: ['b'], answer: ['y'] }),
      },
    },
    { pageLength: 1 },
  );
  expect((await load(served)).collection.queries.texts).toEqual(['a', 'b']);
});
