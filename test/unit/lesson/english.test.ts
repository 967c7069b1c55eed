import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { correct } from '../../../src/lab/lesson/correct.ts';
import { english } from '../../../src/lab/lesson/english.ts';
import { type LessonFigures, lessonFigures } from '../../../src/lab/lesson/figures.ts';
import type { LiveFigures } from '../../../src/lab/lesson/live.ts';
import { shownStep } from '../../../src/lab/lesson/shownStep.ts';
import { isStep, neighbourOf, options, type StepId, stepIds } from '../../../src/lab/lesson/steps.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import { comparisonWith, layersWith, systems } from './sources.ts';

const nothing: LiveFigures = { overlap: null, swapped: null };
const answerTo = (step: StepId, figures: LessonFigures, live = nothing): string[] =>
  shownStep(english, step, figures, live).answer.map(({ text }) => text);

// Means by layer: CE 0.25, 0.4, 0.2; DE 0.15, 0.25, 0.5.
const layers = layersWith(
  [
    [0.3, 0.5, 0.3],
    [0.2, 0.3, 0.1],
  ],
  [
    [0.2, 0.3, 0.6],
    [0.1, 0.2, 0.4],
  ],
);
const figures = lessonFigures(layers, comparisonWith(systems));

test('a dual encoder that is ahead on the mean alone is not called ahead', () => {
  // Differences −0.1 and 0.2: mean 0.05, s = 0.2121, t = 0.333 with 1 degree of freedom, where p = 1 − 2/π·atan t.
  expect(answerTo('dual', figures)).toEqual([
    'Hits@10 is 0.450 for the DE and 0.400 for BM25, on average over 2 collections (paired t-test, p = 0.795, not significant at 0.05).',
    'Which is ahead depends on the collection: the DE on 1 of 2. BM25 needs a shared word; the DE can do without, if its training taught it what goes together.',
  ]);
  expect(correct.dual(figures, nothing)).toBe('de');
});

test('what a CE costs is documents by the pairs that it reads a second', () => {
  // 2,000 documents at 200 pairs a second.
  expect(answerTo('cost', figures)).toEqual([
    'The stored comparison read 200 pairs a second. 2,000 documents take 10 s, for one query; a million take 1 h 23 min.',
    'The DE embeds the query in 2.5 ms and compares it with vectors that were there before.',
    'So a CE reranks: the DE proposes 10 documents, which the CE reads in 0.050 s.',
  ]);
  expect(correct.cost(figures, nothing)).toBe('longer');
});

test('the self pair’s tokens and time are those of the stored run', () => {
  expect(answerTo('self-pair', figures)[0]).toBe(
    'For the same 3,000 texts the CE read 90,000 tokens and the DE 40,000: 2.25 times as many. It took 1.5 times as long.',
  );
  expect(correct['self-pair'](figures, nothing)).toBe('double');
});

test('a curve is read off its means, whichever model leads', () => {
  expect(answerTo('curve', figures)).toEqual([
    'On average over 2 collections the CE is best at layer 1, with Hits@10 0.400, and ends at 0.200. The DE is best at layer 2, with 0.500.',
    'The CE is ahead of the DE at emb and 1, and nowhere else. Its embedding layer reaches 50 % of the whole DE.',
  ]);
  expect(correct.curve(figures, nothing)).toBe('middle');
  const behind = lessonFigures(layersWith([[0.1, 0.2]], [[0.3, 0.4]]), comparisonWith(systems));
  expect(answerTo('curve', behind)[1]).toBe(
    'The DE is level or ahead at every layer. Its embedding layer reaches 25 % of the whole DE.',
  );
  expect(correct.curve(behind, nothing)).toBe('late');
  const ahead = lessonFigures(layersWith([[0.5, 0.4]], [[0.3, 0.2]]), comparisonWith(systems));
  expect(answerTo('curve', ahead)[1]).toContain('The CE is ahead at every layer.');
  expect(correct.curve(ahead, nothing)).toBe('early');
});

test('reranking that helps, harms or does nothing is called so', () => {
  const with2 = (values: readonly number[]) =>
    lessonFigures(layers, comparisonWith({ ...systems, 'baseline rerank': values }));
  // Differences 0.2 and 0.1: t = 3 with 1 degree of freedom, p = 1 − 2/π·atan 3.
  expect(answerTo('rerank', figures).slice(0, 2)).toEqual([
    'Hits@10 goes from 0.450 to 0.600, on average over 2 collections (paired t-test, p = 0.205, not significant at 0.05).',
    'Here the CE orders better than the DE.',
  ]);
  expect(correct.rerank(figures, nothing)).toBe('better');
  expect(answerTo('rerank', with2([0.1, 0.2]))[1]).toContain('Here reranking harms');
  expect(correct.rerank(with2([0.1, 0.2]), nothing)).toBe('worse');
  expect(answerTo('rerank', with2([0.31, 0.6]))[1]).toBe('Here reranking changes little.');
  expect(correct.rerank(with2([0.31, 0.6]), nothing)).toBe('same');
});

test('a test over two collections is put into words with its interval and its floor', () => {
  // Differences 0.1 and 0.1 do not vary; 0.1 and 0.3 do: mean 0.2, s = 0.1414, t = 2, half width 12.706 · 0.1.
  expect(answerTo('significance', figures)[0]).toBe(
    'p is not defined: not significant. The 95 % interval of the difference goes from 0.100 to 0.100.',
  );
  const varying = lessonFigures(layersWith([[0.3], [0.5]], [[0.2], [0.2]]), comparisonWith(systems));
  const [first, second] = answerTo('significance', varying);
  expect(first).toBe(
    't(1) = 2.00, p = 0.295: not significant. The 95 % interval of the difference goes from −1.071 to 1.471.',
  );
  expect(second).toContain('cannot come below p = 0.500');
  expect(correct.significance(varying, nothing)).toBe('no');
});

test('a significant difference is not called small or equal', () => {
  const [ce, de] = [
    [[0.3], [0.41], [0.5]],
    [[0.1], [0.2], [0.3]],
  ];
  const significant = lessonFigures(layersWith(ce, de), comparisonWith(systems));
  expect(correct.significance(significant, nothing)).toBe('yes');
  expect(answerTo('significance', significant)[1]).toBe(
    'That says that the difference is unlikely to be chance, not that it is large.',
  );
});

test('the paper’s figures are computed from its table, and marked as its own', () => {
  // The mean of Table 1's column and scipy.stats.ttest_rel on its columns.
  const lines = shownStep(english, 'paper', figures, nothing).answer;
  expect(lines.every(({ paper }) => paper)).toBe(true);
  expect(lines.map(({ text }) => text)).toEqual([
    'The mean of the 12 is 0.5308, which prints as 0.53; the text has 0.54.',
    'DE-2 CE against the whole DE, both reranked, gives p = 0.019 for Hits@10 and 0.010 for MRR@10, where the text says p > 0.19: by its own table the whole DE is significantly better.',
    'What the table bears out: DE-2 CE is above DE-2 Rand, on 11 of 12 by Hits@10 (p = 0.0002), and 5.15 times as fast as the whole DE.',
  ]);
  expect(correct.paper(figures, nothing)).toBe('lower');
});

test('what is computed live is said when it is there, and read by its figures', () => {
  expect(answerTo('idf', figures)).toEqual([]);
  expect(correct.idf(figures, nothing)).toBeNull();
  const overlap = { collection: 'Terms', queries: 20, depth: 10, ce: 3.5, deFirst: 2, deLast: 2.5 };
  const live = { ...nothing, overlap };
  expect(answerTo('idf', figures, live)[0]).toBe(
    'Over 20 queries of Terms, the first 10 of the CE’s embedding layer share 3.5 documents with BM25’s, those of the DE’s last layer 2.5; those of the DE’s embedding layer 2.0.',
  );
  expect(correct.idf(figures, live)).toBe('ce');
  const turned = { ...nothing, overlap: { ...overlap, ce: 1.5 } };
  expect(correct.idf(figures, turned)).toBe('de');
  expect(answerTo('idf', figures, turned)[1]).toContain('do not show word weights at work');
});

test('a swap that moves the logit alone is said to', () => {
  const swapped = {
    query: 'a',
    document: 'b',
    logit: [1.25, -0.5],
    cosine: [0.4321, 0.4321],
  } as const;
  const live = { ...nothing, swapped };
  expect(answerTo('cross', figures, live)[0]).toBe(
    'Swapped, the CE’s logit goes from 1.25 to −0.50; the DE’s cosine stays 0.432.',
  );
  expect(correct.cross(figures, live)).toBe('ce');
  const both = { ...nothing, swapped: { ...swapped, logit: [2, 2] as const } };
  expect(correct.cross(figures, both)).toBe('neither');
});

test('the stored reports answer every step that is not computed live', () => {
  const read = (name: string) =>
    readReport(readFileSync(`public/stored/${name}.json`, 'utf8'), `${name}.json`);
  const stored = lessonFigures(read('report'), read('compare'));
  for (const step of stepIds) {
    if (step === 'cross' || step === 'idf') continue;
    expect(answerTo(step, stored).join(' '), step).not.toMatch(/NaN|undefined|Infinity/);
    expect(options[step] as readonly string[], step).toContain(correct[step](stored, nothing));
  }
});

test('a report that lacks what a step needs is named in one sentence', () => {
  const { bm25: _, ...rest } = systems;
  expect(() => lessonFigures(layers, comparisonWith(rest))).toThrow(
    'The stored reports lack bm25, retrieve, on collection-0; make them anew with `npm run store-report`.',
  );
});

test('steps follow each other, and only they are steps', () => {
  expect(stepIds).toHaveLength(10);
  expect(neighbourOf('dual', -1)).toBeNull();
  expect(neighbourOf('dual', 1)).toBe('cross');
  expect(neighbourOf('paper', 1)).toBeNull();
  expect([isStep('curve'), isStep('toString'), isStep(null)]).toEqual([true, false, false]);
});
