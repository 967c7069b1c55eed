import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { ExploredPage, SeenAnswer } from '../lab/explore/answer.ts';
import type { ExploreEvent } from '../lab/explore/openExplorer.ts';
import { bundledCollections } from '../lab/spec/defaults.ts';
import type { Spec } from '../lab/spec/spec.ts';
import { bringDropped } from './droppedFiles.ts';
import { exploreClient } from './exploreClient.ts';
import type { LinkPart } from './exploreTab.ts';
import { calledBack } from './labClient.ts';
import { useSettings } from './settings.ts';

/** Documents that each list shows. */
export const listDepth = 10;

/** What a visitor asks for; all of it stands in the address. */
export interface Asked {
  /** A collection's source. */
  readonly collection: string;
  /** All documents of a bundled collection instead of the stored sample. */
  readonly whole: boolean;
  readonly query: string;
  /** Id of the collection's query that was picked; null for one that was typed. */
  readonly picked: string | null;
  /** Rows of documents whose ranks are drawn; none leaves the choice to the lab. */
  readonly followed: readonly number[];
  /** What lists are compared with. */
  readonly against: Against;
}

export const comparisons = ['none', 'neighbour', 'bm25'] as const;
export type Against = (typeof comparisons)[number];

export type Opening =
  | { readonly status: 'idle' }
  | { readonly status: 'opening'; readonly event: ExploreEvent }
  | { readonly status: 'failed'; readonly sentence: string }
  | { readonly status: 'cancelled' }
  | { readonly status: 'ready'; readonly page: ExploredPage };

interface ExploreState {
  readonly asked: Asked;
  readonly opening: Opening;
  readonly notices: readonly string[];
  readonly answer: SeenAnswer | null;
  readonly problem: string | null;
  /** Row of the document that is read in full; null for none. */
  readonly read: number | null;
}

const start: Asked = {
  collection: bundledCollections[1],
  whole: false,
  query: '',
  picked: null,
  followed: [],
  against: 'none',
};

export const useExplore = create<ExploreState>(() => ({
  asked: start,
  opening: { status: 'idle' },
  notices: [],
  answer: null,
  problem: null,
  read: null,
}));

/** The models, pooling and length of the settings, with the collection that is explored. */
export function collectionSpec(spec: Spec, collection: string): Spec {
  const chosen = spec.datasets.find(({ source }) => source === collection);
  const plain = {
    source: collection,
    split: 'test',
    queries: null,
    documents: null,
    excludeSelf: 'auto',
  } as const;
  return { ...spec, datasets: [chosen ?? plain] };
}

/** Everything that decides which vectors are searched. */
function keyOf(spec: Spec, { collection, whole }: Asked): string {
  const { models, pooling, maxLength, ties, backend, datasets } = collectionSpec(spec, collection);
  return JSON.stringify([models, pooling, maxLength, ties, backend, datasets, whole]);
}

let opened: string | null = null;

/** Opens the collection that is asked for with the settings' models, unless it is open already. */
export async function openCollection(): Promise<void> {
  const { spec } = useSettings.getState();
  const { asked } = useExplore.getState();
  const key = keyOf(spec, asked);
  if (opened === key) return;
  opened = key;
  useExplore.setState({
    opening: { status: 'opening', event: { type: 'stage', text: 'Starting' } },
    notices: [],
    answer: null,
    problem: null,
    read: null,
  });
  try {
    const explore = exploreClient();
    await bringDropped(explore);
    const page = await explore.open(
      { spec: collectionSpec(spec, asked.collection), whole: asked.whole },
      calledBack((event: ExploreEvent) => {
        if (opened !== key) return;
        if (event.type === 'notice') {
          // Both models may have the same to say.
          useExplore.setState(({ notices }) => ({ notices: [...new Set([...notices, event.text])] }));
        } else useExplore.setState({ opening: { status: 'opening', event } });
      }),
    );
    if (opened !== key) return;
    useExplore.setState({ opening: { status: 'ready', page } });
    settlePicked();
  } catch (error) {
    if (opened !== key) return;
    opened = null;
    useExplore.setState({
      opening: isCancelled(error)
        ? { status: 'cancelled' }
        : { status: 'failed', sentence: sentenceOf(error) },
    });
  }
}

export function cancelOpening(): void {
  void exploreClient().cancelOpen();
}

/** Changes what is asked for, and answers it. */
export function ask(change: Partial<Asked>): void {
  useExplore.setState(({ asked }) => ({ asked: { ...asked, ...change } }));
  const reopens = change.collection !== undefined || change.whole !== undefined;
  if (reopens) void openCollection();
  else if (change.query !== undefined || change.followed !== undefined) searchNow();
}

/** Chooses a collection for tabs that search nothing; it is opened when it is searched. */
export function chooseCollection(collection: string): void {
  useExplore.setState(({ asked }) => ({
    asked: { ...asked, collection, whole: false, query: '', picked: null, followed: [] },
  }));
}

/** Takes a query of the collection, whose relevant documents are followed. */
export function pickQuery(id: string | null): void {
  const { opening } = useExplore.getState();
  const query = opening.status === 'ready' ? opening.page.queries.find((one) => one.id === id) : undefined;
  ask(query ? { picked: query.id, query: query.text, followed: [] } : { picked: null, followed: [] });
}

export function toggleFollowed(document: number): void {
  const { asked, answer } = useExplore.getState();
  const now =
    asked.followed.length > 0 ? asked.followed : (answer?.flows[0]?.lines.map((line) => line.document) ?? []);
  ask({ followed: now.includes(document) ? now.filter((row) => row !== document) : [...now, document] });
}

export function readDocument(document: number | null): void {
  useExplore.setState({ read: document });
}

const none: readonly number[] = [];

/** Rows of the documents that the picked query is judged to find; the same array until they change. */
export function relevantOf({ asked, opening }: Pick<ExploreState, 'asked' | 'opening'>): readonly number[] {
  if (opening.status !== 'ready' || asked.picked === null) return none;
  return opening.page.queries.find(({ id }) => id === asked.picked)?.relevant ?? none;
}

function searchNow(): void {
  const { asked, opening } = useExplore.getState();
  if (opening.status !== 'ready') return;
  if (asked.query.trim() === '') {
    useExplore.setState({ answer: null, problem: null });
    return;
  }
  const followed = asked.followed.length > 0 ? asked.followed : relevantOf({ asked, opening });
  const inside = followed.filter((row) => row < opening.page.documents);
  exploreClient()
    .search(asked.query, listDepth, inside)
    .then(
      (answer) => {
        if (useExplore.getState().asked.query === answer.query)
          useExplore.setState({ answer, problem: null });
      },
      (error: unknown) => {
        if (!isCancelled(error)) useExplore.setState({ problem: sentenceOf(error) });
      },
    );
}

const names = {
  collection: 'c',
  whole: 'whole',
  query: 'q',
  picked: 'pick',
  followed: 'follow',
  against: 'against',
} as const;

/** What the address says of this page; what is as at the start is left out. */
function exploreLink(): [string, string][] {
  const { asked } = useExplore.getState();
  const parts: [string, string][] = [];
  if (asked.collection !== start.collection) parts.push([names.collection, asked.collection]);
  if (asked.whole) parts.push([names.whole, '1']);
  if (asked.picked !== null) parts.push([names.picked, asked.picked]);
  else if (asked.query !== '') parts.push([names.query, asked.query]);
  if (asked.followed.length > 0) parts.push([names.followed, asked.followed.join('.')]);
  if (asked.against !== start.against) parts.push([names.against, asked.against]);
  return parts;
}

/** Takes what an address says; a query that was picked is looked up when the collection is open. */
function takeExploreLink(query: URLSearchParams): void {
  const followed = (query.get(names.followed) ?? '')
    .split('.')
    .filter((row) => /^\d+$/.test(row))
    .map(Number);
  const asked: Asked = {
    collection: query.get(names.collection) ?? start.collection,
    whole: query.get(names.whole) === '1',
    query: query.get(names.query) ?? '',
    picked: query.get(names.picked),
    followed,
    against: comparisons.find((one) => one === query.get(names.against)) ?? start.against,
  };
  if (JSON.stringify(asked) === JSON.stringify(linked(useExplore.getState().asked))) return;
  useExplore.setState({ asked });
  const { opening } = useExplore.getState();
  if (opening.status === 'idle') return;
  if (opened === keyOf(useSettings.getState().spec, asked)) settlePicked();
  else void openCollection();
}

/** The collection and what is searched in it; all tabs keep it, for their collection is this one. */
export const searchPart: LinkPart = {
  tab: null,
  write: exploreLink,
  take: takeExploreLink,
  subscribe(onChange) {
    useExplore.subscribe(({ asked }, before) => {
      if (asked === before.asked) return;
      const typed = { ...asked, query: before.asked.query };
      onChange(JSON.stringify(typed) === JSON.stringify(before.asked));
    });
  },
};

/** What a link can say of what is asked: a picked query's text is looked up. */
function linked(asked: Asked): Asked {
  return asked.picked === null ? asked : { ...asked, query: '' };
}

/** Looks up the text of a picked query, and answers. */
function settlePicked(): void {
  const { asked, opening } = useExplore.getState();
  if (opening.status !== 'ready') return;
  const query = opening.page.queries.find(({ id }) => id === asked.picked);
  if (asked.picked !== null) {
    useExplore.setState({
      asked: { ...asked, query: query?.text ?? asked.query, picked: query?.id ?? null },
    });
  }
  searchNow();
}
