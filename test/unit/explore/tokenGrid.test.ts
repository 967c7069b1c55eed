import { expect, test } from 'vitest';
import type { LayerSimilarity } from '../../../src/lab/explore/inspectPair.ts';
import { maxSim } from '../../../src/lab/explore/maxSim.ts';
import { attentionGrids, similarityGrid } from '../../../src/lab/explore/tokenGrid.ts';

const text = (...tokens: string[]) => ({ tokens, whole: tokens.length, known: tokens.length });
const query = text('un', '##zip', 'it');
const document = text('zip', '##per', '.');

test('joined words add to MaxSim what their pieces add', () => {
  // Rows un, ##zip, it; columns zip, ##per, a full stop.
  const similarity = {
    rows: 3,
    columns: 3,
    values: Float32Array.of(0.2, 0.5, 0.1, 1, 0.25, 0, 0, 0.125, 0.75),
  };
  const layer: LayerSimilarity = { layer: 1, cosine: 0, similarity, maxSim: maxSim(similarity) };
  const pieces = similarityGrid({ query, document, layers: [] }, layer, false);
  expect(pieces.rows).toEqual(['un', 'zip', 'it']);
  expect(pieces.parts).toEqual([0.5, 1, 0.75]);
  expect(pieces.best).toEqual([1, 0, 2]);
  const joined = similarityGrid({ query, document, layers: [] }, layer, true);
  expect(joined.rows).toEqual(['unzip', 'it']);
  expect(joined.columns).toEqual(['zipper', '.']);
  // The mean over un and ##zip of the larger of zip and ##per: (0.5 + 1) / 2; of the full stop (0.1 + 0) / 2.
  expect(joined.values[0]).toBeCloseTo(0.75, 6);
  expect(joined.values[1]).toBeCloseTo(0.05, 6);
  expect(joined.parts).toEqual([1.5, 0.75]);
  expect(joined.score).toBe(2.25);
  expect(joined.best).toEqual([0, 1]);
});

test('attention is of one head or the mean of all, and of words what their pieces get', () => {
  // Two heads, three query tokens, two document tokens; the second head is twice the first.
  const one = [0.1, 0.2, 0.3, 0.05, 0, 0.1];
  const back = [0.25, 0.05, 0, 0.1, 0.2, 0.1];
  const heads = (values: number[]) => Float32Array.from([...values, ...values.map((value) => 2 * value)]);
  const layer = { layer: 1, flows: [], toDocument: heads(one), toQuery: heads(back) };
  const attention = { heads: 2, layers: [layer] };
  const across = {
    query,
    document: text('zip', '##per'),
    logit: 0,
    logitWords: null,
    logits: [],
    attention,
  };
  const second = attentionGrids(across, attention, layer, 1, false);
  expect(second.toDocument.values[2]).toBeCloseTo(0.6, 6);
  // From ##per, the second document token, to it, the third query token; rows are the query's.
  expect(second.toQuery.values[2 * 2 + 1]).toBeCloseTo(0.2, 6);
  const mean = attentionGrids(across, attention, layer, null, true);
  expect(mean.toDocument.rows).toEqual(['unzip', 'it']);
  expect(mean.toDocument.columns).toEqual(['zipper']);
  // Of un 0.1 + 0.2 goes to zipper, of ##zip 0.3 + 0.05; times 1.5, the mean of once and twice.
  expect(mean.toDocument.values[0]).toBeCloseTo(1.5 * ((0.3 + 0.35) / 2), 6);
  // Of zip 0.25 + 0.05 goes to unzip, of ##per 0.1 + 0.2.
  expect(mean.toQuery.values[0]).toBeCloseTo(1.5 * ((0.3 + 0.3) / 2), 6);
  expect(mean.toQuery.values[1]).toBeCloseTo(1.5 * ((0 + 0.1) / 2), 6);
});

test('a text without tokens makes a matrix without rows', () => {
  const similarity = { rows: 0, columns: 3, values: new Float32Array(0) };
  const layer: LayerSimilarity = { layer: 0, cosine: 0, similarity, maxSim: maxSim(similarity) };
  const grid = similarityGrid({ query: text(), document, layers: [] }, layer, true);
  expect(grid.rows).toEqual([]);
  expect(grid.score).toBe(0);
});
