import type { ModelKind } from '../models/types.ts';

/** What one model has done so far in a run. */
export interface Work {
  readonly texts: number;
  readonly tokens: number;
  readonly paddedTokens: number;
  readonly characters: number;
  readonly seconds: number;
}

export const noWork: Work = { texts: 0, tokens: 0, paddedTokens: 0, characters: 0, seconds: 0 };

export function sumOfWork(one: Work, other: Work): Work {
  return {
    texts: one.texts + other.texts,
    tokens: one.tokens + other.tokens,
    paddedTokens: one.paddedTokens + other.paddedTokens,
    characters: one.characters + other.characters,
    seconds: one.seconds + other.seconds,
  };
}

/**
 * Time left from the seconds a character has taken: lengths differ between collections more than
 * the tokens of a character do, and characters can be counted before anything is tokenised.
 */
export class Pace {
  readonly #work: Record<ModelKind, Work> = { ce: noWork, de: noWork };

  add(model: ModelKind, work: Work): void {
    this.#work[model] = sumOfWork(this.#work[model], work);
  }

  of(model: ModelKind): Work {
    return this.#work[model];
  }

  /** Seconds a character takes; null before the first measurement. */
  secondsPerCharacter(model: ModelKind): number | null {
    const { seconds, characters } = this.#work[model];
    return characters > 0 ? seconds / characters : null;
  }

  /**
   * @param left characters still to embed, by model
   * @returns seconds, or null when neither model has been measured. A model not yet measured is taken
   * to cost what the other does, the CE twice the DE for its self pairs.
   */
  secondsLeft(left: Readonly<Record<ModelKind, number>>): number | null {
    const ce = this.secondsPerCharacter('ce');
    const de = this.secondsPerCharacter('de');
    const perCe = ce ?? (de === null ? null : de * 2);
    const perDe = de ?? (ce === null ? null : ce / 2);
    if (perCe === null || perDe === null) return null;
    return left.ce * perCe + left.de * perDe;
  }
}
