import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type BrowserRecord,
  browserTable,
  factTitles,
  withBrowserTable,
} from '../../../scripts/browserTable.ts';

const record = (browser: string, version: string): BrowserRecord => ({
  browser,
  version,
  date: '2026-11-29',
  facts: Object.fromEntries(
    Object.keys(factTitles).map((fact) => [fact, `${fact} | ${browser}`]),
  ) as BrowserRecord['facts'],
});

test('a browser is a column in a fixed order, a fact a row, and no text breaks the table', () => {
  const lines = browserTable([record('WebKitGTK', '2.50'), record('Chromium', '156')]).split('\n');
  expect(lines[0]).toBe('|  | Chromium 156 | WebKitGTK 2.50 |');
  expect(lines[2]).toBe('| First visit | firstVisit \\| Chromium | firstVisit \\| WebKitGTK |');
  expect(lines.at(-1)).toBe('| Walked on | 2026-11-29 | 2026-11-29 |');
  expect(lines).toHaveLength(3 + Object.keys(factTitles).length);
});

test('the page has a place for the table, and what stands around it stays', () => {
  const page = readFileSync(new URL('../../../docs/browsers.md', import.meta.url), 'utf8');
  const made = withBrowserTable(page, [record('Firefox', '153')]);
  expect(made).toContain('| Firefox 153 |');
  expect(made.split('\n')[0]).toBe(page.split('\n')[0]);
  expect(withBrowserTable(made, [record('Firefox', '153')])).toBe(made);
  expect(() => withBrowserTable('# A page', [])).toThrow('The page lacks');
});
