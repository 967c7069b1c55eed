import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentFrequency } from '../../../src/lab/embed/documentFrequency.ts';
import { EmbedCounts } from '../../../src/lab/embed/embedCounts.ts';
import { forCollection, idfPooled, weightedEncoder } from '../../../src/lab/embed/idfPooling.ts';
import { idfTokens, type OpenedModel } from '../../../src/lab/embed/openModel.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import { readTokenizer, selfPairEncoder, singleEncoder } from '../../../src/lab/models/tokenise.ts';
import { characterEncoder, fakeSession } from '../../support/fakeModel.ts';
import { diskModel } from '../../support/modelFiles.ts';

const ids = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
/** N = 3; a stands in all, b in two, c in one. */
const documents = ['ab', 'ab', 'aac'];
const frequency = documentFrequency(documents.map(ids));
const encoder = weightedEncoder(characterEncoder, frequency, new Set(ids('?')));

test('weights are ln((1 + N) / (1 + n)) + 1, their sum 1 in a batch', () => {
  const row = encoder.encode('abz');
  // ln(4 / 4) + 1, ln(4 / 3) + 1 and, of no document, ln(4 / 1) + 1, the largest there is.
  for (const [t, weight] of [1, 1.2876821, 2.3862944].entries()) expect(row.pool[t]).toBeCloseTo(weight, 6);
  const { poolWeights } = padBatch([row, encoder.encode('a')], 0);
  const sum = 1 + 1.2876821 + 2.3862944;
  const expected = [1 / sum, 1.2876821 / sum, 2.3862944 / sum, 1, 0, 0];
  for (const [t, weight] of expected.entries()) expect(poolWeights[t]).toBeCloseTo(weight, 6);
});

test('a text whose every token weighs 0 is pooled evenly and counted', () => {
  const row = encoder.encode('??');
  expect([...row.pool]).toEqual([1, 1]);
  const counts = new EmbedCounts('ce', 'by IDF.');
  counts.encoded('query', 'q7', row);
  counts.encoded('document', 'd1', encoder.encode('a?'));
  expect(counts.report()).toMatchObject({
    texts: 2,
    weights: 'by IDF.',
    counts: [{ reason: 'queries whose every token weighs 0, pooled evenly', count: 1, places: ['query q7'] }],
  });
});

const opened: OpenedModel = {
  session: fakeSession([0]),
  encoder: characterEncoder,
  tokenizerHash: 'x',
  idf: { content: ids, specials: new Set() },
};

test('the name of stored vectors has the weighting and the counts of the collection', () => {
  const of = (texts: readonly string[]): string => idfPooled(opened, texts).encoder.key;
  expect(of(documents)).toMatch(/^characters idf [0-9a-f]{16}$/);
  expect(of(documents)).toBe(of([...documents].reverse()));
  expect(of(documents)).not.toBe(of(['ab', 'ab', 'aab']));
  // The same counts among more documents are other weights.
  expect(of(documents)).not.toBe(of([...documents, '']));
  const { idf: _, ...uniform } = opened;
  expect(idfPooled(uniform, documents)).toBe(uniform);
});

test('each collection has a store of its own, which is closed', async () => {
  const log: string[] = [];
  const openStore = (model: OpenedModel) => {
    log.push(`open ${model.encoder.key.split(' ')[1]}`);
    const close = () => Promise.resolve(void log.push('close'));
    return Promise.resolve({ read: () => Promise.resolve([]), write: () => Promise.resolve(), close });
  };
  const collection = { corpus: { ids: ['1', '2', '3'], texts: documents } };
  await forCollection({ model: opened, store: null }, collection, openStore, (model, store) => {
    log.push(`${model.weights?.slice(0, 21)}, ${store ? 'stored' : 'not stored'}`);
    return Promise.resolve();
  });
  expect(log).toEqual(['open idf', 'tokens weigh by their, stored', 'close']);
});

const reference = JSON.parse(
  readFileSync(new URL('../../reference/explore/idf.json', import.meta.url), 'utf8'),
) as { documents: number; ce: { weights: Record<string, number[]> } };
const corpus = readFileSync(
  new URL('../../../public/datasets/perl-faq/corpus.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { text: string }).text);

test('real texts weigh as scikit-learn has it, specials and separators nothing, in both copies', async () => {
  const tokenizer = await readTokenizer(diskModel('public/models/mini-ce'));
  const model = (plain: OpenedModel['encoder']): OpenedModel =>
    idfPooled({ ...opened, encoder: plain, idf: idfTokens(tokenizer) }, corpus);
  const pair = model(selfPairEncoder(tokenizer, { segments: 'both', cls: true }, 64, 0)).encoder;
  const single = model(singleEncoder(tokenizer, { rule: 'sentence', cls: false }, 64, 0)).encoder;
  expect(corpus).toHaveLength(reference.documents);
  for (const [text, weights] of Object.entries(reference.ce.weights)) {
    const close = (pool: ArrayLike<number>, expected: readonly number[]): void => {
      expect(pool).toHaveLength(expected.length);
      for (const [t, weight] of expected.entries()) expect(pool[t]).toBeCloseTo(weight, 5);
    };
    close(single.encode(text).pool, [0, ...weights, 0]);
    close(pair.encode(text).pool, [0, ...weights, 0, ...weights, 0]);
  }
  const emoji = pair.encode('🙂');
  expect(emoji.weightless).toBe(true);
  expect([...emoji.pool]).toEqual([1, 1, 0, 1, 0]);
});
