import './explore.css';
import { Suspense } from 'react';
import { exploreTabs, useExploreTab } from '../../state/exploreTab.ts';
import { TabBar, useTabIds } from './TabBar.tsx';
import { tabs } from './tabs.ts';

/** What the layers of both models make of texts, one look at it a tab. */
export function ExploreView() {
  const tab = useExploreTab((state) => state.tab);
  const ids = useTabIds();
  const { View } = tabs[tab];
  const view = (
    <Suspense key={tab} fallback={<p role="status">Loading the tab…</p>}>
      <View />
    </Suspense>
  );
  if (exploreTabs.length < 2) return view;
  return (
    <>
      <TabBar {...ids} />
      <div role="tabpanel" id={ids.panelId} aria-labelledby={ids.idOf(tab)}>
        {view}
      </div>
    </>
  );
}
