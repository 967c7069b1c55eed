import { afterEach, expect, test, vi } from 'vitest';
import { expectedCollection } from '../../../../src/lab/data/hub/expect.ts';
import { loadHubCollection } from '../../../../src/lab/data/hub/load.ts';
import { nanoBeir, nanoBeirRepository } from '../../../../src/lab/data/hub/nanoBeir.ts';
import { commit, fakeHub } from '../../../support/fakeHub.ts';
import { nanoBeirFiles, smallNano } from '../../../support/hub/nanoBeir.ts';
import { jsonLines } from '../../../support/source.ts';

afterEach(() => vi.unstubAllGlobals());

const dataset = (split: string) => ({
  source: `hub:${nanoBeirRepository}`,
  split,
  queries: null,
  documents: null,
});

test('each collection of NanoBEIR is a split of one repository, and goes by its own name', async () => {
  const served = fakeHub({ [nanoBeirRepository]: nanoBeirFiles() });
  for (const name of ['NanoMSMARCO', 'NanoTouche2020', 'NanoFiQA2018']) {
    const { collection } = await loadHubCollection(dataset(name), served.context, { seed: 1 });
    expect(collection.name).toBe(name);
    expect(collection.source).toBe(`hub:${nanoBeirRepository}@${commit}`);
    expect(collection.corpus.texts).toEqual(Object.values(smallNano(name).corpus));
    expect(collection.queries.ids).toEqual(['q0', 'q1', 'q2']);
    // Without a column of grades, what is named is relevant.
    expect(collection.qrels.map((grades) => [...grades])).toEqual([
      [
        [0, 1],
        [6, 1],
      ],
      [
        [1, 1],
        [7, 1],
      ],
      [
        [2, 1],
        [8, 1],
      ],
    ]);
  }
  // Nothing of the ten others was fetched.
  expect([...served.sent.keys()].filter((path) => path.includes('NanoArguAna'))).toEqual([]);
});

test('a document without text is left out, as by sentence-transformers', async () => {
  const texts = (name: string) => {
    const whole = smallNano(name);
    return { ...whole, corpus: { ...whole.corpus, d3: '' } };
  };
  const served = fakeHub({ [nanoBeirRepository]: nanoBeirFiles(texts) });
  const { collection } = await loadHubCollection(dataset('NanoDBPedia'), served.context, { seed: 1 });
  expect(collection.corpus.ids).not.toContain('d3');
  expect(collection.corpus.ids).toHaveLength(11);
});

test('judgements that name several documents in one row name each', async () => {
  const served = fakeHub({
    'owner/listed': {
      'corpus/One.jsonl': jsonLines({ _id: 'a', text: 'x' }, { _id: 'b', text: 'y' }),
      'queries/One.jsonl': jsonLines({ _id: 'q', text: 'z' }),
      'qrels/One.jsonl': jsonLines({ 'query-id': 'q', 'corpus-id': ['a', 'b'] }),
    },
  });
  const { collection } = await loadHubCollection(
    { ...dataset('One'), source: 'hub:owner/listed' },
    served.context,
    { seed: 1 },
  );
  expect(collection.qrels.map((grades) => [...grades])).toEqual([
    [
      [0, 1],
      [1, 1],
    ],
  ]);
});

test('what a collection of NanoBEIR holds is known before it is fetched', () => {
  expect(nanoBeir).toHaveLength(13);
  // mteb's descriptive statistics: 649 queries and 56,723 documents in all.
  expect(nanoBeir.reduce((sum, { queries }) => sum + queries, 0)).toBe(649);
  expect(nanoBeir.reduce((sum, { documents }) => sum + documents, 0)).toBe(56_723);
  expect(expectedCollection(dataset('NanoSCIDOCS'))).toMatchObject({ queries: 50, documents: 2210 });
});
