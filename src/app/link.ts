import { linkOf, useSettings } from '../state/settings.ts';
import { defaultMetric, useView } from '../state/view.ts';
import { readRoute, writeRoute } from './route.ts';

/** Keeps the address and the settings alike, both ways. The address is replaced, so Back leaves the page. */
export function followLink(): void {
  const take = (): void => {
    const { query } = readRoute(location.hash);
    useSettings.getState().takeLink(query.get('spec'));
    useView.getState().setMetric(query.get('metric') ?? defaultMetric);
  };
  take();
  addEventListener('hashchange', take);
  const show = (): void => history.replaceState(null, '', currentLink());
  useSettings.subscribe(({ linkProblem }) => {
    // An address that could not be read stays, to be looked at.
    if (linkProblem === null) show();
  });
  useView.subscribe(({ metric }, before) => {
    if (metric !== before.metric) show();
  });
}

/** The part of the address that brings the settings back. */
export function currentLink(): string {
  return linkToPage(readRoute(location.hash).path);
}

/** Another page's address, with the same settings. */
export function linkToPage(path: string): string {
  const query = new URLSearchParams();
  const spec = linkOf(useSettings.getState().spec);
  if (spec !== null) query.set('spec', spec);
  const { metric } = useView.getState();
  if (metric !== defaultMetric) query.set('metric', metric);
  return writeRoute({ path, query });
}
