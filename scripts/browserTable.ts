import { withBetween } from './betweenMarks.ts';

/** What a walk through the lab found in one browser: the page's own words, or what was seen to work. */
export interface BrowserRecord {
  readonly browser: string;
  readonly version: string;
  /** As YYYY-MM-DD. */
  readonly date: string;
  readonly facts: Readonly<Record<Fact, string>>;
}

/** Rows of the table, by what the walk calls them. */
export const factTitles = {
  firstVisit: 'First visit',
  models: 'Models run on',
  run: 'Layer-wise run, bundled default',
  stored: 'What was embedded is kept',
  webgpu: 'Training',
  keep: 'Kept for use without a network',
  offline: 'Without a network: the page',
  explore: 'Without a network: Explore, while a query is typed',
  ownText: 'Without a network: a run on own texts',
} as const;
export type Fact = keyof typeof factTitles;

const order = ['Chromium', 'Firefox', 'WebKitGTK'];

/** A table in Markdown, a browser a column. */
export function browserTable(records: readonly BrowserRecord[]): string {
  const columns = [...records].sort((a, b) => order.indexOf(a.browser) - order.indexOf(b.browser));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const facts = Object.entries(factTitles).map(([fact, title]) =>
    row([title, ...columns.map((record) => record.facts[fact as Fact])]),
  );
  return [
    row(['', ...columns.map(({ browser, version }) => `${browser} ${version}`)]),
    row(['---', ...columns.map(() => '---')]),
    ...facts,
    row(['Walked on', ...columns.map(({ date }) => date)]),
  ].join('\n');
}

const marks = { begin: '<!-- Made by `npm run browsers`. -->', end: '<!-- End of what is made. -->' };

/** A page with its table replaced. @throws when the page has no place for it */
export function withBrowserTable(page: string, records: readonly BrowserRecord[]): string {
  const made = withBetween(page, marks, `\n\n${browserTable(records)}\n\n`);
  if (made === null) throw new Error(`The page lacks "${marks.begin}" and, below it, "${marks.end}".`);
  return made;
}
