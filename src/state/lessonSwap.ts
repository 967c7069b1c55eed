import { create } from 'zustand';
import { english } from '../lab/lesson/english.ts';
import type { Swapped } from '../lab/lesson/live.ts';
import { bringDropped } from './droppedFiles.ts';
import { exploreClient } from './exploreClient.ts';
import { type Loadable, latest } from './loadable.ts';
import { useSettings } from './settings.ts';

type Pair = Pick<Swapped, 'query' | 'document'>;

interface SwapState {
  readonly pair: Pair;
  /** Scores of the pair that was compared last; null before. */
  readonly swapped: Loadable<Swapped> | null;
}

/** A pair of texts that both models read both ways round. */
export const useLessonSwap = create<SwapState>(() => ({ pair: english.controls.pair, swapped: null }));

const compare = latest<Swapped>((swapped) => useLessonSwap.setState({ swapped }));

export function changePair(change: Partial<Pair>): void {
  useLessonSwap.setState(({ pair }) => ({ pair: { ...pair, ...change } }));
}

export async function compareBothWays(): Promise<void> {
  const { pair, swapped } = useLessonSwap.getState();
  if (swapped?.status !== 'ready') useLessonSwap.setState({ swapped: { status: 'loading' } });
  await compare(() => readBothWays(pair));
}

async function readBothWays({ query, document }: Pair): Promise<Swapped> {
  const explore = exploreClient();
  await bringDropped(explore);
  return await explore.scoreBothWays(useSettings.getState().spec, query, document);
}
