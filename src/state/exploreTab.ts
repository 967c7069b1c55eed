import { create } from 'zustand';

/** What the page Explore shows, in the order of its tabs; the first is open at the start. */
export const exploreTabs = ['search', 'pair', 'map', 'why'] as const;
export type ExploreTab = (typeof exploreTabs)[number];

/** A part of the page Explore's address. */
export interface LinkPart {
  /** The tab that alone writes and reads it; null where all do. */
  readonly tab: ExploreTab | null;
  /** Names and values; what is as at the start is left out. */
  write(): [name: string, value: string][];
  take(query: URLSearchParams): void;
  /** @param onChange told whether the change came by typing, which Back does not undo key by key */
  subscribe(onChange: (typed: boolean) => void): void;
}

export const useExploreTab = create<{ readonly tab: ExploreTab }>(() => ({ tab: exploreTabs[0] }));

export function openTab(tab: ExploreTab): void {
  useExploreTab.setState({ tab });
}

/** Which tab is open, as `tab=pair`. */
export const tabPart: LinkPart = {
  tab: null,
  write() {
    const { tab } = useExploreTab.getState();
    return tab === exploreTabs[0] ? [] : [['tab', tab]];
  },
  take(query) {
    openTab(exploreTabs.find((tab) => tab === query.get('tab')) ?? exploreTabs[0]);
  },
  subscribe(onChange) {
    useExploreTab.subscribe(({ tab }, before) => {
      if (tab !== before.tab) onChange(false);
    });
  },
};
