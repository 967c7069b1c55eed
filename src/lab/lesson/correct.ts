import { alikeWithin, type LessonFigures, type Pairing } from './figures.ts';
import type { LiveFigures } from './live.ts';
import type { OptionOf, StepId } from './steps.ts';

/** Logits and cosines that differ by less are the same number, rounded differently. */
export const sameWithin = 1e-4;

/** Documents of ten: lists that share this much less or more with BM25's are not alike. */
const overlapWithin = 0.25;

type Rules = {
  readonly [K in StepId]: (figures: LessonFigures, live: LiveFigures) => OptionOf<K> | null;
};

/** Which option the figures bear out; null where it is not computed yet. */
export const correct: Rules = {
  dual: ({ dual }) => whichOf(dual, 'de', 'bm25', 'alike'),
  cross: (_, { swapped }) => {
    if (!swapped) return null;
    const [ce, de] = [swapped.logit, swapped.cosine].map(([a, b]) => Math.abs(a - b) > sameWithin);
    if (ce && de) return 'both';
    if (ce) return 'ce';
    return de ? 'de' : 'neither';
  },
  cost: ({ cost }) => {
    const seconds = cost.documents / cost.pairsPerSecond;
    if (seconds < 0.1) return 'instant';
    return seconds <= 2 ? 'second' : 'longer';
  },
  'self-pair': ({ selfPair }) => {
    const times = selfPair.ceTokens / selfPair.deTokens;
    if (times < 1.5) return 'same';
    return times <= 2.5 ? 'double' : 'more';
  },
  curve: ({ curve }) => {
    const last = curve.ce.at(-1)?.layer ?? 0;
    if (curve.ceBest.layer <= last / 3) return 'early';
    return curve.ceBest.layer <= (2 * last) / 3 ? 'middle' : 'late';
  },
  idf: (_, { overlap }) => {
    if (!overlap) return null;
    const difference = overlap.ce - overlap.deLast;
    if (Math.abs(difference) <= overlapWithin) return 'alike';
    return difference > 0 ? 'ce' : 'de';
  },
  infusion: ({ infusion }) => whichOf(infusion, 'ce', 'rand', 'alike'),
  rerank: ({ rerank }) => whichOf(rerank, 'better', 'worse', 'same'),
  significance: ({ significance: { test } }) => (test.pValue !== null && test.pValue < 0.05 ? 'yes' : 'no'),
  paper: ({ paper }) => {
    const difference = Number(paper.mean.toFixed(2)) - paper.printed;
    if (Math.abs(difference) < 0.001) return 'same';
    return difference < 0 ? 'lower' : 'higher';
  },
};

function whichOf<T>({ first, second }: Pairing, isFirst: T, isSecond: T, isAlike: T): T {
  const difference = first - second;
  if (Math.abs(difference) <= alikeWithin) return isAlike;
  return difference > 0 ? isFirst : isSecond;
}
