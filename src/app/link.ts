import { exploreLink, takeExploreLink, useExplore } from '../state/explore.ts';
import { linkOf, useSettings } from '../state/settings.ts';
import { defaultMetric, useView } from '../state/view.ts';
import { readRoute, writeRoute } from './route.ts';

/**
 * Keeps the address and the settings alike, both ways. The address is replaced, so Back leaves the page, but for
 * what is chosen on Explore.
 */
export function followLink(): void {
  // What an address says is taken in several steps, none of which may write to the address.
  let taking = false;
  const take = (): void => {
    const { query } = readRoute(location.hash);
    taking = true;
    useSettings.getState().takeLink(query.get('spec'));
    useView.getState().setMetric(query.get('metric') ?? defaultMetric);
    takeExploreLink(query);
    taking = false;
  };
  take();
  addEventListener('hashchange', take);
  const show = (): void => {
    if (!taking) history.replaceState(null, '', currentLink());
  };
  useSettings.subscribe(({ linkProblem }) => {
    // An address that could not be read stays, to be looked at.
    if (linkProblem === null) show();
  });
  useExplore.subscribe(({ asked }, before) => {
    if (taking || asked === before.asked || readRoute(location.hash).path !== '/explore') return;
    // Typing replaces the address; what was chosen can be undone by Back.
    const typed = { ...asked, query: before.asked.query };
    const onlyTyped = JSON.stringify(typed) === JSON.stringify(before.asked);
    const link = currentLink();
    if (link === location.hash) return;
    if (onlyTyped) history.replaceState(null, '', link);
    else history.pushState(null, '', link);
  });
  useView.subscribe(({ metric }, before) => {
    if (metric !== before.metric) show();
  });
}

/** The part of the address that brings the settings back. */
function currentLink(): string {
  return linkToPage(readRoute(location.hash).path);
}

/** Another page's address, with the same settings. */
export function linkToPage(path: string): string {
  const query = new URLSearchParams();
  const spec = linkOf(useSettings.getState().spec);
  if (spec !== null) query.set('spec', spec);
  const { metric } = useView.getState();
  if (metric !== defaultMetric) query.set('metric', metric);
  if (path === '/explore') for (const [name, value] of exploreLink()) query.set(name, value);
  return writeRoute({ path, query });
}
