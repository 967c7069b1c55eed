import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserRecord } from './browserTable.ts';

/** A file a browser, so that a walk in one of them leaves the others' alone. */
const folder = fileURLToPath(new URL('../test-results/browsers', import.meta.url));

export function writeRecord(record: BrowserRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${record.browser.toLowerCase()}.json`), `${JSON.stringify(record, null, 1)}\n`);
}

export function readRecords(): BrowserRecord[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BrowserRecord,
  );
}
