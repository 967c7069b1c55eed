import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withSmallModelTable } from '../../../scripts/readmeTable.ts';
import { readReport } from '../../../src/lab/report/read.ts';
import { systemLabel } from '../../../src/lab/spec/systemLabel.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('the table of the readme is that of the stored report', () => {
  const readme = read('README.md');
  const report = readReport(read('public/stored/small-model.json'), 'small-model.json');
  expect(withSmallModelTable(readme, report)).toBe(readme);
  for (const { system } of report.comparison) expect(readme).toContain(systemLabel(system));
});

test('a readme without its marks is refused', () => {
  const report = readReport(read('public/stored/small-model.json'), 'small-model.json');
  expect(() => withSmallModelTable('# layerlab', report)).toThrow('README.md must hold');
});
