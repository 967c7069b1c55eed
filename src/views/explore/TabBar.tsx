import { type KeyboardEvent, useId, useRef } from 'react';
import { type ExploreTab, exploreTabs, openTab, useExploreTab } from '../../state/exploreTab.ts';
import { tabs } from './tabs.ts';

/** Where the arrow keys, Home and End lead from a tab. */
function tabAt(key: string, at: number): number | null {
  const last = exploreTabs.length - 1;
  if (key === 'ArrowRight') return at === last ? 0 : at + 1;
  if (key === 'ArrowLeft') return at === 0 ? last : at - 1;
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}

/** The tabs of the page; `idOf` and `panelId` tie them to what they show. */
export function TabBar({ panelId, idOf }: { readonly panelId: string; idOf(tab: ExploreTab): string }) {
  const open = useExploreTab((state) => state.tab);
  const buttons = useRef(new Map<ExploreTab, HTMLButtonElement>());
  const follow = (event: KeyboardEvent): void => {
    const at = tabAt(event.key, exploreTabs.indexOf(open));
    if (at === null) return;
    event.preventDefault();
    openTab(exploreTabs[at]!);
    buttons.current.get(exploreTabs[at]!)?.focus();
  };
  return (
    <div role="tablist" aria-label="Explore" className="tab-bar" onKeyDown={follow}>
      {exploreTabs.map((tab) => (
        <button
          key={tab}
          ref={(button) => {
            if (button) buttons.current.set(tab, button);
          }}
          type="button"
          role="tab"
          id={idOf(tab)}
          aria-selected={tab === open}
          aria-controls={panelId}
          tabIndex={tab === open ? 0 : -1}
          onClick={() => openTab(tab)}
        >
          {tabs[tab].name}
        </button>
      ))}
    </div>
  );
}

/** Ids of the tabs and of the panel below them. */
export function useTabIds(): { readonly panelId: string; idOf(tab: ExploreTab): string } {
  const id = useId();
  return { panelId: `${id}panel`, idOf: (tab) => `${id}${tab}` };
}
