/** `npm run browsers`: the table of docs/browsers.md, from what test/e2e/browsers.test.ts found the last time it ran. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRecords } from './browserRecords.ts';
import { withBrowserTable } from './browserTable.ts';

const page = fileURLToPath(new URL('../docs/browsers.md', import.meta.url));
const records = readRecords();
if (records.length === 0) {
  console.error('Nothing was found yet; run `npm run test:e2e browsers` first.');
  process.exit(1);
}
writeFileSync(page, withBrowserTable(readFileSync(page, 'utf8'), records));
console.log(`docs/browsers.md: ${records.map(({ browser, version }) => `${browser} ${version}`).join(', ')}`);
