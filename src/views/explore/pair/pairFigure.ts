import type { SeenPair } from '../../../lab/explore/seenPair.ts';

/** What each figure of a pair is drawn from. */
export interface PairFigureProps {
  readonly seen: SeenPair;
  /** Of tokens and attention. */
  readonly layer: number;
  /** Word pieces joined to words. */
  readonly joined: boolean;
  /** The address of this figure alone; null where there is none. */
  readonly embed: string | null;
  /** Whether there are no figures but these, so that no other head or side can be chosen. */
  readonly fixed: boolean;
}
