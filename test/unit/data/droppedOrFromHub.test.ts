import { openAsBlob, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { afterEach, expect, test, vi } from 'vitest';
import { loadHubCollection } from '../../../src/lab/data/hub/load.ts';
import { type DroppedSource, understand } from '../../../src/lab/data/understand.ts';
import { fakeHub } from '../../support/fakeHub.ts';
import { parquet } from '../../support/parquet.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const parts = ['corpus', 'queries', 'qrels'] as const;
const whole = { queries: null, documents: null };

afterEach(() => vi.unstubAllGlobals());

function dropped(folder: string, paths: readonly string[]): DroppedSource[] {
  return paths.map((path) => ({
    name: path,
    path,
    stream: async () => (await openAsBlob(`${fixtures}${folder}/${path}`)).stream(),
  }));
}

test('graded passages are one collection, dropped as a folder or read from the hub', async () => {
  const paths = ['corpus.jsonl', 'queries.jsonl', 'qrels/test.tsv'];
  const { preview, load } = await understand('passages', dropped('graded-passages', paths));
  expect(preview).toMatchObject({ kind: 'beir', split: 'test', queries: 2, documents: 6 });
  const files = paths.map((path) => [path, readFileSync(`${fixtures}graded-passages/${path}`)] as const);
  const { context } = fakeHub({ 'owner/passages': Object.fromEntries(files) });
  const fromFiles = await load('test');
  const fromHub = await loadHubCollection(
    { source: 'hub:owner/passages', split: 'test', ...whole },
    context,
    { seed: 1 },
  );
  for (const part of parts) expect(fromHub.collection[part]).toEqual(fromFiles.collection[part]);
});

test('scored pairs are one collection, dropped as .csv or read from the hub with scores up to 1', async () => {
  const { preview, load } = await understand('pairs', dropped('scored-pairs', ['train.csv']));
  expect(preview.kind).toBe('scored pairs');
  const text = readFileSync(`${fixtures}scored-pairs/train.csv`, 'utf8').trimEnd();
  const { data: rows } = Papa.parse<string[]>(text);
  const { context } = fakeHub({
    'sentence-transformers/stsb': {
      'data/train-00000-of-00001.parquet': parquet({
        sentence1: rows.map(([first]) => first!),
        sentence2: rows.map(([, second]) => second!),
        score: rows.map(([, , score]) => Number(score) / 5),
      }),
    },
  });
  const fromFiles = await load('all');
  const fromHub = await loadHubCollection(
    { source: 'hub:sentence-transformers/stsb', split: 'train', ...whole },
    context,
    { seed: 1 },
  );
  for (const part of parts) expect(fromHub.collection[part]).toEqual(fromFiles.collection[part]);
});
