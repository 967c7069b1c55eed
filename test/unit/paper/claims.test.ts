import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Claim, limitation, paperClaims } from '../../../src/lab/paper/claims.ts';

const claims = paperClaims();
const claimOf = (id: string): Claim => {
  const found = claims.find((claim) => claim.id === id);
  if (!found) throw new Error(`no claim ${id}`);
  return found;
};
const resultsOf = (id: string): Record<string, string> =>
  Object.fromEntries(claimOf(id).steps.map(({ what, result }) => [what, result]));

const paper = new URL('../../fixtures/paper.md', import.meta.url);

test('quotes are the paper’s words', () => {
  const text = readFileSync(paper, 'utf8');
  for (const { quote } of claims) expect(text).toContain(quote);
  expect(text).toContain(limitation);
});

test('what follows from Table 1 and what does not', () => {
  expect(Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]))).toEqual({
    'embedding-layer-minilm': 'cannot be told from the table',
    'eighty-percent-minilm': 'cannot be told from the table',
    'embedding-layer-mxbai': 'cannot be told from the table',
    'seventy-nine-percent-mxbai': 'cannot be told from the table',
    parameters: 'follows',
    'mean-hits-10': 'follows',
    'mean-mrr-10': 'does not follow',
    'de-12-ce': 'cannot be told from the table',
    'better-than-random': 'follows',
    'within-one-percent': 'follows',
    'mean-difference': 'does not follow',
    'p-above': 'does not follow',
    speedup: 'follows',
    'training-time': 'cannot be told from the table',
  });
});

test('means, added by hand', () => {
  expect(resultsOf('mean-hits-10')).toEqual({ Sum: '8.03', Mean: '0.6692' });
  expect(resultsOf('mean-mrr-10')).toEqual({ Sum: '6.37', Mean: '0.5308' });
  expect(resultsOf('speedup')).toEqual({ Sum: '61.8', Mean: '5.150' });
});

// scipy 1.17.1: stats.ttest_rel(a, b) and its confidence_interval() on the columns of Table 1.
test('t-tests agree with scipy', () => {
  expect(resultsOf('better-than-random')).toMatchObject({
    'Hits@10: mean difference': '+0.0475, 95 % interval +0.0289 to +0.0661',
    'Hits@10: paired two-tailed t-test': 't = +5.621, p = 1.6e-4',
    'MRR@10: mean difference': '+0.0392, 95 % interval +0.0285 to +0.0498',
    'MRR@10: paired two-tailed t-test': 't = +8.093, p = 5.9e-6',
  });
  expect(resultsOf('p-above')).toMatchObject({
    'Hits@10, both reranked: paired two-tailed t-test': 't = −2.751, p = 0.0189',
    'MRR@10, both reranked: paired two-tailed t-test': 't = −3.079, p = 0.0105',
    'Hits@10, both retrieving only: paired two-tailed t-test': 't = −3.047, p = 0.0111',
    'MRR@10, both retrieving only: paired two-tailed t-test': 't = −3.150, p = 0.0092',
    'Hits@10, DE-2 CE reranked, the baseline not: paired two-tailed t-test': 't = −0.202, p = 0.8439',
    'MRR@10, DE-2 CE reranked, the baseline not: paired two-tailed t-test': 't = +0.176, p = 0.8638',
  });
});

test('within 1 % gives six when read in points, and rounding decides', () => {
  const { steps, rounding, because } = claimOf('within-one-percent');
  expect(steps.map(({ what, result }) => `${what}: ${result.split(';')[0]}`)).toEqual([
    'points, Hits@10: 6 of 12',
    'points, MRR@10: 6 of 12',
    'points, both: 6 of 12',
    'relative, Hits@10: 4 of 12',
    'relative, MRR@10: 4 of 12',
    'relative, both: 4 of 12',
    'points, either side, Hits@10: 6 of 12',
    'points, either side, MRR@10: 6 of 12',
    'points, either side, both: 6 of 12',
    'relative, either side, Hits@10: 3 of 12',
    'relative, either side, MRR@10: 3 of 12',
    'relative, either side, both: 2 of 12',
  ]);
  expect(because).toContain('The figures of zeshel/test and all-nli/train are printed exactly 0.01 below');
  expect(rounding?.decides).toBe(true);
});

test('an unrounded difference of two figures printed 0.01 apart is as often within 0.01 as not', () => {
  // Two such rows, and six are reached only when both fall within: a quarter, by one metric.
  const points = claimOf('within-one-percent').steps.find(({ what }) => what === 'points, Hits@10');
  expect(Number(/in (\d+) %/.exec(points?.result ?? '')?.[1]) / 100).toBeCloseTo(0.25, 1);
});

test('0.99 % worse comes of no reading', () => {
  // By NumPy from the columns: points, ratio of means, mean of ratios.
  expect(resultsOf('mean-difference')).toMatchObject({
    'Hits@10, both reranked, in points': '−3.25 %',
    'Hits@10, both reranked, ratio of means': '−4.63 %',
    'Hits@10, both reranked, mean of ratios': '−5.97 %',
    'MRR@10, both reranked, in points': '−1.58 %',
    'MRR@10, both reranked, ratio of means': '−2.90 %',
    'MRR@10, both reranked, mean of ratios': '−5.25 %',
  });
  expect(claimOf('mean-difference').steps.some(({ agrees }) => agrees)).toBe(false);
});

test('two layers of MiniLM are 15 million weights', () => {
  // By hand: 31,036 × 384 + 768, and 4 × 147,840 + 591,360 + 590,208 + 1,536.
  expect(resultsOf('parameters')).toEqual({
    'Embedding layer': '11,918,592',
    'One encoder layer': '1,774,464',
    'DE-2': '15,467,520',
  });
});
