import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { EmbeddedPair } from '../lab/explore/embeddedPair.ts';
import { readingKey } from '../lab/explore/readingKey.ts';
import type { SeenPair } from '../lab/explore/seenPair.ts';
import { type Side, sides, type WordEffects } from '../lab/explore/wordEffects.ts';
import { debounced } from './debounced.ts';
import { bringDropped } from './droppedFiles.ts';
import { useExplore } from './explore.ts';
import { exploreClient } from './exploreClient.ts';
import { type LinkPart, openTab } from './exploreTab.ts';
import { calledBack } from './labClient.ts';
import { useSettings } from './settings.ts';

/** The pair that is looked at, and what of it; all of it stands in the address. */
export interface AskedPair {
  readonly query: string;
  readonly document: string;
  /** Layer index of the similarities and the attention. */
  readonly layer: number;
  /** The head whose attention is drawn; null for the mean of all. */
  readonly head: number | null;
  /** Word pieces joined to words. */
  readonly joined: boolean;
  /** The text whose words are left out. */
  readonly side: Side;
}

/** How far the pair is read; `seen` stays in sight while the next pair is. */
export type PairStatus =
  | { readonly kind: 'empty' }
  | { readonly kind: 'reading'; readonly what: string }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'read' };

export type EffectsStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number | null }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'done'; readonly found: WordEffects };

interface PairState {
  readonly asked: AskedPair;
  readonly status: PairStatus;
  readonly seen: SeenPair | null;
  readonly effects: EffectsStatus;
}

const start: AskedPair = { query: '', document: '', layer: 1, head: null, joined: false, side: 'query' };

export const usePair = create<PairState>(() => ({
  asked: start,
  status: { kind: 'empty' },
  seen: null,
  effects: { kind: 'none' },
}));

/** Changes what is asked for; other texts are read when they have stood still for a moment. */
export function askPair(change: Partial<AskedPair>): void {
  usePair.setState(({ asked }) => ({ asked: { ...asked, ...change } }));
  if (change.query !== undefined || change.document !== undefined) readSoon();
  else if (change.side !== undefined) void leaveWordsOut();
}

/** Opens the pair inspector with the query that was searched and one of its documents. */
export async function inspectWithQuery(row: number): Promise<void> {
  const { query } = useExplore.getState().asked;
  try {
    const document = await exploreClient().documentText(row);
    askPair({ query, document });
    openTab('pair');
  } catch (error) {
    useExplore.setState({ problem: sentenceOf(error) });
  }
}

/** The texts and the models of the last call, so that none is read twice and what comes late is left alone. */
let current: string | null = null;

/** Reads the pair that is asked for with the settings' models, unless that is done or under way. */
export async function readPair(): Promise<void> {
  const { asked, status } = usePair.getState();
  const { spec } = useSettings.getState();
  const call = JSON.stringify([asked.query, asked.document, readingKey(spec)]);
  if (call === current && status.kind !== 'failed') return;
  current = call;
  if (asked.query.trim() === '' || asked.document.trim() === '') {
    usePair.setState({ status: { kind: 'empty' }, seen: null, effects: { kind: 'none' } });
    return;
  }
  usePair.setState({ status: { kind: 'reading', what: 'Starting' } });
  try {
    const explore = exploreClient();
    await bringDropped(explore);
    const seen = await explore.inspect(
      spec,
      asked.query,
      asked.document,
      calledBack((what: string) => {
        // Its messages have a way of their own, on which the last may come after the answer.
        if (current === call && usePair.getState().status.kind === 'reading') {
          usePair.setState({ status: { kind: 'reading', what } });
        }
      }),
    );
    if (current !== call) return;
    usePair.setState({ status: { kind: 'read' }, seen, effects: { kind: 'none' } });
    await leaveWordsOut();
  } catch (error) {
    if (current !== call || isCancelled(error)) return;
    usePair.setState({
      status: { kind: 'failed', sentence: sentenceOf(error) },
      seen: null,
      effects: { kind: 'none' },
    });
  }
}

/** Shows a pair that was read elsewhere, with whatever figures came of it. */
export function showPair({ seen, effects, layer, head, joined }: EmbeddedPair): void {
  current = null;
  usePair.setState({
    asked: { ...seen.texts, layer, head, joined, side: effects?.side ?? start.side },
    status: { kind: 'read' },
    seen,
    effects: effects
      ? { kind: 'done', found: effects }
      : { kind: 'failed', sentence: 'No words had been left out yet when this frame was made.' },
  });
}

const readSoon = debounced(() => void readPair());

async function leaveWordsOut(): Promise<void> {
  const { seen, asked } = usePair.getState();
  if (!seen) return;
  const isCurrent = (): boolean => {
    const now = usePair.getState();
    return now.seen === seen && now.asked.side === asked.side;
  };
  usePair.setState({ effects: { kind: 'running', done: 0, total: null } });
  try {
    const found = await exploreClient().leaveOut(
      asked.side,
      calledBack((done: number, total: number) => {
        if (isCurrent() && usePair.getState().effects.kind === 'running') {
          usePair.setState({ effects: { kind: 'running', done, total } });
        }
      }),
    );
    if (isCurrent()) usePair.setState({ effects: { kind: 'done', found } });
  } catch (error) {
    if (isCurrent() && !isCancelled(error)) {
      usePair.setState({ effects: { kind: 'failed', sentence: sentenceOf(error) } });
    }
  }
}

const names = {
  query: 'query',
  document: 'document',
  layer: 'layer',
  head: 'head',
  joined: 'words',
  side: 'without',
} as const;

/** The pair, the layer and the head in the address. */
export const pairPart: LinkPart = {
  tab: 'pair',
  write() {
    const { asked } = usePair.getState();
    const parts: [string, string][] = [];
    if (asked.query !== '') parts.push([names.query, asked.query]);
    if (asked.document !== '') parts.push([names.document, asked.document]);
    if (asked.layer !== start.layer) parts.push([names.layer, String(asked.layer)]);
    if (asked.head !== null) parts.push([names.head, String(asked.head + 1)]);
    if (asked.joined) parts.push([names.joined, '1']);
    if (asked.side !== start.side) parts.push([names.side, asked.side]);
    return parts;
  },
  take(query) {
    const whole = (name: string, least: number): number | null => {
      const value = query.get(name) ?? '';
      return /^\d{1,3}$/.test(value) && Number(value) >= least ? Number(value) : null;
    };
    const head = whole(names.head, 1);
    const asked: AskedPair = {
      query: query.get(names.query) ?? '',
      document: query.get(names.document) ?? '',
      layer: whole(names.layer, 0) ?? start.layer,
      head: head === null ? null : head - 1,
      joined: query.get(names.joined) === '1',
      side: sides.find((side) => side === query.get(names.side)) ?? start.side,
    };
    const before = usePair.getState().asked;
    if (JSON.stringify(asked) === JSON.stringify(before)) return;
    usePair.setState({ asked });
    if (asked.query !== before.query || asked.document !== before.document) readSoon();
    else if (asked.side !== before.side) void leaveWordsOut();
  },
  subscribe(onChange) {
    usePair.subscribe(({ asked }, { asked: before }) => {
      if (asked === before) return;
      const { layer, head, joined, side } = asked;
      const typed = JSON.stringify({ ...before, layer, head, joined, side }) === JSON.stringify(before);
      onChange(typed);
    });
  },
};
