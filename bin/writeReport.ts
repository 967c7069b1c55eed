import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mtebFiles } from '../src/lab/report/mteb.ts';
import type { Report } from '../src/lab/report/report.ts';

/** Writes `report.json`, and what MTEB's tools read, into a folder. */
export function writeReport(out: string, report: Report): void {
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  for (const { path, text } of mtebFiles(report)) {
    const file = join(out, 'mteb', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
