import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isCancelled } from '../../../../src/base/userError.ts';
import { loadHubCollection } from '../../../../src/lab/data/hub/load.ts';
import { defaultPatience, setHubAccess } from '../../../../src/lab/hub/access.ts';
import type { Fault } from '../../../support/hub/faults.ts';
import { startHub, type TestHub } from '../../../support/hub/server.ts';
import { parquet } from '../../../support/parquet.ts';
import { jsonLines } from '../../../support/source.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const text = (kind: string, n: number): string =>
  `${kind} ${n} ${numbers(12)
    .map((k) => Math.imul(n * 12 + k + 1, 0x9e3779b1) >>> 0)
    .join(' ')}`;

const rows = numbers(10_000);
const pairs = parquet(
  { question: rows.map((n) => text('question', n)), answer: rows.map((n) => text('answer', n)) },
  { rowGroupSize: 100 },
);

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub({
    datasets: {
      'sentence-transformers/gooaq': {
        'README.md': '',
        'pair/train-00000-of-00001.parquet': pairs,
        ...Object.fromEntries(numbers(9).map((n) => [`other/part-${n}.txt`, ''])),
      },
      'BeIR/scifact': {
        'corpus.jsonl.gz': gzipSync(
          jsonLines(...numbers(3000).map((n) => ({ _id: `d${n}`, text: text('passage', n) }))),
        ),
        'queries.jsonl.gz': gzipSync(
          jsonLines({ _id: 'q1', text: 'a query' }, { _id: 'q2', text: 'another' }),
        ),
      },
      'BeIR/scifact-qrels': { 'test.tsv': 'query-id\tcorpus-id\tscore\nq1\td7\t1\nq2\td2900\t1\n' },
    },
  });
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.setFaults([]);
  setHubAccess({ patience: { ...defaultPatience, tries: 3, firstWaitMs: 1, stallMs: 500 } });
});
afterEach(() => setHubAccess({ patience: defaultPatience }));

const load = (source: string, split: string, documents: number | null, signal?: AbortSignal) =>
  loadHubCollection({ source, split, queries: null, documents }, { hub: hub.url }, { seed: 1, signal });
const loadPairs = (signal?: AbortSignal) => load('hub:sentence-transformers/gooaq', 'train', 200, signal);
const loadTexts = () => load('hub:BeIR/scifact', 'test', 50);

const passing: readonly [string, Fault['what']][] = [
  ['a connection that is cut', { type: 'cut', after: 3000 }],
  ['a server that stalls', { type: 'stall', after: 3000 }],
  ['a server that fails', { type: 'status', status: 503 }],
  ['a server that asks to wait', { type: 'status', status: 429, headers: { 'Retry-After': '0' } }],
];

describe('what is over in a moment changes nothing', () => {
  test.each(passing)('%s, by ranges', async (_, what) => {
    const { collection } = await loadPairs();
    hub.setFaults([{ path: 'storage:', skip: 2, times: 2, what }]);
    expect((await loadPairs()).collection).toEqual(collection);
    const ranged = hub.requests.filter(({ origin }) => origin === 'storage');
    expect(ranged.every(({ range }) => range !== null)).toBe(true);
  });

  test.each(passing)('%s, from the beginning on', async (_, what) => {
    const { collection } = await loadTexts();
    hub.setFaults([{ path: 'corpus.jsonl.gz', times: 2, what }]);
    expect((await loadTexts()).collection).toEqual(collection);
    expect(collection.corpus.ids).toEqual(expect.arrayContaining(['d7', 'd2900']));
    expect(collection.corpus.ids).toHaveLength(50);
  });
});

describe('what stays is said in a sentence', () => {
  test('a file that is missing, and one that may not be read', async () => {
    for (const [status, words] of [
      [404, 'train-00000-of-00001.parquet is not there'],
      [401, 'train-00000-of-00001.parquet is private, gated, or not there'],
    ] as const) {
      hub.setFaults([
        { path: 'hub:/datasets/sentence-transformers/gooaq', what: { type: 'status', status } },
      ]);
      await expect(loadPairs()).rejects.toThrow(words);
    }
  });

  test('a file that is shorter than listed', async () => {
    hub.setFaults([{ path: 'train-00000', what: { type: 'truncated', to: 5000 } }]);
    await expect(loadPairs()).rejects.toThrow(
      /train-00000-of-00001.parquet.*(shorter than listed|was cut off)/,
    );
    hub.setFaults([{ path: 'corpus.jsonl.gz', what: { type: 'truncated', to: 5000 } }]);
    await expect(loadTexts()).rejects.toThrow(
      'corpus.jsonl.gz: could not be unpacked; it is cut off or no gzip',
    );
  });

  test('a packed file with a changed bit', async () => {
    hub.setFaults([{ path: 'corpus.jsonl.gz', what: { type: 'changed' } }]);
    await expect(loadTexts()).rejects.toThrow(/corpus.jsonl.gz/);
  });

  test('a hub that is never there', async () => {
    hub.setFaults([{ path: 'storage:', what: { type: 'status', status: 500 } }]);
    await expect(loadPairs()).rejects.toThrow('answered 500 (tried 3 times); check the connection');
  });
});

test('cancelling ends the reading', async () => {
  const control = new AbortController();
  hub.setFaults([{ path: 'storage:', skip: 1, what: { type: 'silence' } }]);
  setHubAccess({ patience: { ...defaultPatience, stallMs: 60_000 } });
  const loading = loadPairs(control.signal);
  setTimeout(() => control.abort(), 50);
  await expect(loading).rejects.toSatisfy(isCancelled);
});
