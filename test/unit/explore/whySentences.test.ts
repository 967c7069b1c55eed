import { expect, test } from 'vitest';
import type { Correlation } from '../../../src/lab/explore/spearman.ts';
import type { TokenFigures } from '../../../src/lab/explore/tokenFigures.ts';
import { weightingSentences, whySentences } from '../../../src/lab/explore/whySentences.ts';
import type { LayerwiseRow } from '../../../src/lab/report/report.ts';

const around = (rho: number): Correlation => ({ rho, low: rho - 0.03, high: rho + 0.03, n: 900 });

function figures(model: 'ce' | 'de', norm: Correlation, first: Correlation): TokenFigures {
  return {
    model,
    file: 'made',
    vocabulary: 1000,
    hiddenSize: 8,
    documents: 50,
    tokens: Array.from({ length: 900 }, (_, i) => `t${i}`),
    counts: [],
    idf: [],
    values: { norm: [], 'direction-1': [], 'direction-2': [], 'direction-3': [] },
    correlations: { norm, 'direction-1': first, 'direction-2': around(0.01), 'direction-3': around(0) },
    shares: [0.307, 0.1, 0.05],
  };
}

test('opposite signs, and a matrix that holds IDF more plainly, are said', () => {
  const said = whySentences(
    figures('ce', around(0.35), around(-0.6)),
    figures('de', around(-0.2), around(0.25)),
  );
  expect(said).toEqual([
    'In the CE, rare tokens have longer embeddings than common ones, a moderate relation: ρ = 0.35 (95 % interval 0.32 to 0.38), 900 tokens.',
    'In the DE, rare tokens have shorter embeddings than common ones, a weak relation: ρ = −0.20 (95 % interval −0.23 to −0.17), 900 tokens.',
    'The signs are opposite: what is rare is long in one model and short in the other.',
    'Of the first three singular directions of the CE’s embedding matrix, the first (31 % of the sum of squares) goes most with IDF, a strong relation: ρ = −0.60 (95 % interval −0.63 to −0.57).',
    'Of the first three singular directions of the DE’s embedding matrix, the first (31 % of the sum of squares) goes most with IDF, a weak relation: ρ = 0.25 (95 % interval 0.22 to 0.28).',
    'So both embedding matrices hold how rare tokens of this collection are, before any layer is run, the CE’s more plainly than the DE’s: their intervals lie apart.',
  ]);
});

test('no relation is said, however certain a tiny one is', () => {
  const none = { rho: 0.04, low: 0.01, high: 0.07, n: 4000 };
  const said = whySentences(figures('ce', none, around(0.02)), figures('de', none, around(-0.02)));
  expect(said[0]).toBe(
    'In the CE, how long a token’s embedding is has no relation worth the name to its IDF: ρ = 0.04 (95 % interval 0.01 to 0.07), 900 tokens.',
  );
  expect(said[2]).toBe(
    'By their length alone, neither model’s embeddings tell rare tokens from common ones.',
  );
  expect(said[3]).toBe(
    'None of the first three singular directions of the CE’s embedding matrix orders tokens by their IDF.',
  );
  expect(said.at(-1)).toContain('does not explain for this pair');
});

test('one model alone, equal signs and overlapping intervals have sentences of their own', () => {
  const one = whySentences(figures('ce', around(0), around(0.4)), figures('de', around(0), around(0)));
  expect(one.at(-1)).toBe(
    'So only the CE’s embedding matrix is seen to hold how rare tokens of this collection are, before any layer is run.',
  );
  const equal = whySentences(figures('ce', around(-0.3), around(0)), figures('de', around(-0.31), around(0)));
  expect(equal[2]).toContain('leans towards the common ones');
  expect(equal.at(-1)).toContain('cannot be told, since their intervals overlap');
});

test('a collection of one document has nothing to correlate', () => {
  const none = { rho: Number.NaN, low: Number.NaN, high: Number.NaN, n: 9 };
  const said = whySentences(figures('ce', none, none), figures('de', none, none));
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('have one IDF or one norm. Choose a collection of more documents.');
});

test('what IDF weights did to the curves is said at the outermost layers and where they did most', () => {
  const rows = (model: 'ce' | 'de', values: readonly number[]): LayerwiseRow[] =>
    values.map((value, layer) => ({
      dataset: 'one',
      model,
      layer,
      queries: 50,
      documents: 200,
      metrics: { 'hits@10': value },
      intervals: {},
    }));
  const plain = [...rows('ce', [0.5, 0.6, 0.7]), ...rows('de', [0.4, 0.5, 0.9])];
  const weighted = [...rows('ce', [0.55, 0.7, 0.7]), ...rows('de', [0.38, 0.5, 0.91])];
  expect(weightingSentences(plain, weighted, 'hits@10')).toEqual([
    'IDF weights raise Hits@10 from 0.500 to 0.550 at the CE’s embedding layer, and leave Hits@10 at 0.700 at its last layer. They do most at layer 1: +0.100.',
    'IDF weights lower Hits@10 from 0.400 to 0.380 at the DE’s embedding layer, and raise Hits@10 from 0.900 to 0.910 at its last layer.',
  ]);
});
