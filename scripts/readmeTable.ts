import { toMarkdown } from '../src/lab/formats/table.ts';
import type { Report } from '../src/lab/report/report.ts';
import { summaryTable } from '../src/lab/report/summaryTable.ts';
import { withBetween } from './betweenMarks.ts';

const marks = { begin: '<!-- of public/stored/small-model.json -->', end: '<!-- end -->' };

/**
 * The readme with the table of what makes a small model good, as the report has it, between its two marks.
 * @throws Error when a mark is missing
 */
export function withSmallModelTable(readme: string, report: Report): string {
  const table = toMarkdown(summaryTable(report, 'What makes a small model good?'));
  const made = withBetween(readme, marks, `\n${table.trim()}\n`);
  if (made === null) throw new Error(`README.md must hold "${marks.begin}" and, behind it, "${marks.end}".`);
  return made;
}
