import { type ComponentType, lazy } from 'react';
import type { ExploreTab } from '../../state/exploreTab.ts';

interface Tab {
  readonly name: string;
  /** Loaded when the tab is first opened. */
  readonly View: ComponentType;
}

/** The tabs of the page Explore by their names in its address. */
export const tabs: Readonly<Record<ExploreTab, Tab>> = {
  search: {
    name: 'Search',
    View: lazy(async () => ({ default: (await import('./SearchTab.tsx')).SearchTab })),
  },
  map: {
    name: 'Map',
    View: lazy(async () => ({ default: (await import('./map/MapTab.tsx')).MapTab })),
  },
  why: {
    name: 'Why early layers work',
    View: lazy(async () => ({ default: (await import('./why/WhyTab.tsx')).WhyTab })),
  },
  pair: {
    name: 'A pair',
    View: lazy(async () => ({ default: (await import('./pair/PairTab.tsx')).PairTab })),
  },
};
