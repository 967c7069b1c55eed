import { searchPart } from '../state/explore.ts';
import { type LinkPart, tabPart, useExploreTab } from '../state/exploreTab.ts';
import { lessonLink, takeLessonLink } from '../state/lesson.ts';
import { mapPart } from '../state/map.ts';
import { pairPart } from '../state/pair.ts';
import { linkOf, useSettings } from '../state/settings.ts';
import { defaultMetric, useView } from '../state/view.ts';
import { whyPart } from '../state/why.ts';
import { readRoute, writeRoute } from './route.ts';

const explorePath = '/explore';
const lessonPath = '/lesson';
const exploreParts: readonly LinkPart[] = [tabPart, searchPart, pairPart, mapPart, whyPart];

function isOpen({ tab }: LinkPart): boolean {
  return tab === null || tab === useExploreTab.getState().tab;
}

/**
 * Keeps the address and the settings alike, both ways. The address is replaced, so Back leaves the page, but for
 * what is chosen on Explore.
 */
export function followLink(): void {
  // What an address says is taken in several steps, none of which may write to the address.
  let taking = false;
  const take = (): void => {
    const { path, query } = readRoute(location.hash);
    taking = true;
    useSettings.getState().takeLink(query.get('spec'));
    useView.getState().setMetric(query.get('metric') ?? defaultMetric);
    // The tab first, which decides what of the others counts. Other pages' addresses say nothing of this one.
    if (path === explorePath) for (const part of exploreParts) if (isOpen(part)) part.take(query);
    if (path === lessonPath) takeLessonLink(query);
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
  for (const part of exploreParts) {
    part.subscribe((typed) => {
      if (taking || !isOpen(part) || readRoute(location.hash).path !== explorePath) return;
      const link = currentLink();
      if (link === location.hash) return;
      // Typing replaces the address; what was chosen can be undone by Back.
      if (typed) history.replaceState(null, '', link);
      else history.pushState(null, '', link);
    });
  }
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
  if (path === explorePath) {
    for (const part of exploreParts.filter(isOpen)) {
      for (const [name, value] of part.write()) query.set(name, value);
    }
  }
  if (path === lessonPath) for (const [name, value] of lessonLink()) query.set(name, value);
  return writeRoute({ path, query });
}
