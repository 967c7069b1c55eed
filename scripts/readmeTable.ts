import { toMarkdown } from '../src/lab/formats/table.ts';
import type { Report } from '../src/lab/report/report.ts';
import { summaryTable } from '../src/lab/report/summaryTable.ts';

const begin = '<!-- of public/stored/small-model.json -->';
const end = '<!-- end -->';

/**
 * The readme with the table of what makes a small model good, as the report has it, between its two marks.
 * @throws Error when a mark is missing
 */
export function withSmallModelTable(readme: string, report: Report): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`README.md must hold "${begin}" and, behind it, "${end}".`);
  const table = toMarkdown(summaryTable(report, 'What makes a small model good?'));
  return `${readme.slice(0, from + begin.length)}\n${table.trim()}\n${readme.slice(to)}`;
}
