import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keptReports, withGpuTable } from '../../../bench/gpuTable.ts';

test('docs/speed.md has one row for every adapter that was measured, as its report says', () => {
  const page = readFileSync(new URL('../../../docs/speed.md', import.meta.url), 'utf8');
  const reports = keptReports();
  expect(reports.length).toBeGreaterThan(0);
  expect(withGpuTable(page, reports)).toBe(page);
  for (const { adapter } of reports) expect(page).toContain(`| ${adapter} |`);
});

test('a page without its marks is told', () => {
  expect(() => withGpuTable('# Speed', [])).toThrow('must hold');
});
