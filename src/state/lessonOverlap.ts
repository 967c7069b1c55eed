import { create } from 'zustand';
import type { ExploredList } from '../lab/explore/explorer.ts';
import { type Overlap, overlapOf } from '../lab/lesson/live.ts';
import { listDepth, openCollection, useExplore } from './explore.ts';
import { exploreClient } from './exploreClient.ts';
import { type Loadable, loaded } from './loadable.ts';

/** Queries that are searched for the answer: a second or two. */
const queriesSearched = 20;

/** How much layers' lists share with BM25's; null until it is asked for. */
export const useLessonOverlap = create<{ readonly overlap: Loadable<Overlap | null> | null }>(() => ({
  overlap: null,
}));

/** Searches the first queries of the collection that Explore has open. */
export async function measureOverlap(): Promise<void> {
  const before = useLessonOverlap.getState().overlap;
  if (before && before.status !== 'failed') return;
  useLessonOverlap.setState({ overlap: { status: 'loading' } });
  useLessonOverlap.setState({ overlap: await loaded(measured) });
}

async function measured(): Promise<Overlap | null> {
  await openCollection();
  const page = await openedPage();
  const answers: (readonly ExploredList[])[] = [];
  for (const { text } of page.queries.slice(0, queriesSearched)) {
    answers.push(await exploreClient().listsOf(text, listDepth));
  }
  return overlapOf(page.title.split(':')[0]!, listDepth, answers);
}

/** Waits until the collection is open. */
function openedPage(): Promise<Extract<OpeningState, { status: 'ready' }>['page']> {
  return new Promise((resolve, reject) => {
    const settle = ({ opening }: { readonly opening: OpeningState }): boolean => {
      if (opening.status === 'ready') resolve(opening.page);
      else if (opening.status === 'failed') reject(new Error(opening.sentence));
      else if (opening.status === 'cancelled') reject(new Error('Opening the collection was cancelled.'));
      else return false;
      return true;
    };
    if (settle(useExplore.getState())) return;
    const stop = useExplore.subscribe((state) => {
      if (settle(state)) stop();
    });
  });
}

type OpeningState = ReturnType<typeof useExplore.getState>['opening'];
