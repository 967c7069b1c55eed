import { UserError } from '../../base/userError.ts';
import { type Fields, upgrade, upgradeSpec } from '../spec/upgrade.ts';
import { type Report, reportSchema, reportUpgrades } from './report.ts';

/**
 * Reads a report that this lab or its command line wrote, now or in an older version.
 * @throws UserError when the text is no report, naming the first field that is wrong
 */
export function readReport(text: string, file: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError('is not JSON; choose the report.json that a run wrote.', { file });
  }
  const upgraded = upgrade(value, reportUpgrades, file) as Fields | null;
  const spec = upgradeSpec(upgraded?.spec, file);
  const parsed = reportSchema.safeParse({ ...upgraded, spec });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError('is not a report of this lab; choose the report.json that a run wrote.', {
      file,
      field: issue?.path.map(String).join('.') || 'report',
    });
  }
  return parsed.data;
}
