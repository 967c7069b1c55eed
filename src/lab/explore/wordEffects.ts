import { Cancelled } from '../../base/userError.ts';
import type { ModelKind } from '../models/types.ts';
import { pairScorer } from './inspectPair.ts';
import { leaveOneOut } from './leaveOneOut.ts';
import type { OpenedPair } from './openPair.ts';

export const sides = ['query', 'document'] as const;
export type Side = (typeof sides)[number];

/** How figures change without one word: without minus with. */
export interface WordEffect {
  readonly word: string;
  /** Where it begins in the text, in UTF-16 units. */
  readonly at: number;
  /** Of what a reranker ranks by; null for a model without a head. */
  readonly logit: number | null;
  /** Of the pooled vectors' cosine, one a layer. */
  readonly cosines: Readonly<Record<ModelKind, readonly number[]>>;
}

export interface WordEffects {
  readonly side: Side;
  readonly effects: readonly WordEffect[];
  /** Words past the most that are tried. */
  readonly left: number;
}

/**
 * Leaves each word of one text out, one at a time.
 * @throws Cancelled when the signal is aborted
 */
export async function wordEffects(
  models: OpenedPair,
  pair: Readonly<Record<Side, string>>,
  side: Side,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<WordEffects> {
  const { variants, left } = leaveOneOut(pair[side]);
  const scorer = pairScorer(models);
  const score = async (texts: Readonly<Record<Side, string>>) => {
    if (signal.aborted) throw new Cancelled();
    const { logits, cosines } = await scorer(texts);
    return { logit: models.head && logits.length > 0 ? models.head.relevance(logits) : null, cosines };
  };
  const effects: WordEffect[] = [];
  if (variants.length > 0) {
    const whole = await score(pair);
    const change = (kind: ModelKind, without: readonly number[]): number[] =>
      without.map((cosine, index) => cosine - whole.cosines[kind][index]!);
    for (const { word, at, text } of variants) {
      const without = await score({ ...pair, [side]: text });
      effects.push({
        word,
        at,
        logit: without.logit === null || whole.logit === null ? null : without.logit - whole.logit,
        cosines: { ce: change('ce', without.cosines.ce), de: change('de', without.cosines.de) },
      });
      onProgress?.(effects.length, variants.length);
    }
  }
  return { side, effects, left };
}
