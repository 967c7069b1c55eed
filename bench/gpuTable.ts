import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withBetween } from '../scripts/betweenMarks.ts';
import type { GpuReport } from './gpuReport.ts';

const folder = fileURLToPath(new URL('./adapters/', import.meta.url));
const marks = { begin: '<!-- Made by `npm run bench -- --table`. -->', end: '<!-- End of what is made. -->' };

/** The reports of all adapters that were measured. */
export function keptReports(): GpuReport[] {
  return readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(folder + name, 'utf8')) as GpuReport);
}

/** docs/speed.md with one row an adapter. @throws Error when a mark is missing */
export function withGpuTable(page: string, reports: readonly GpuReport[]): string {
  const made = withBetween(page, marks, `\n\n${gpuTable(reports)}\n\n`);
  if (made === null)
    throw new Error(`docs/speed.md must hold "${marks.begin}" and, behind it, "${marks.end}".`);
  return made;
}

/** A Markdown table of some reports, one row an adapter. */
function gpuTable(reports: readonly GpuReport[]): string {
  const best = ({ rows }: GpuReport, kind: RegExp): string => {
    const shares = rows.filter(({ name }) => kind.test(name)).map(({ share }) => share ?? 0);
    const range = [Math.min(...shares), Math.max(...shares)].map((share) => (100 * share).toFixed(0));
    return shares.length === 0 ? '' : `${range[0]} to ${range[1]} %`;
  };
  const steps = ({ rows }: GpuReport): string =>
    rows
      .filter(({ unit, against }) => unit === 'ms' && against === 'plain layouts')
      .map(({ name, ours }) => `${ours.toPrecision(3)} ms (${name.replace('training step, ', '')})`)
      .join(', ');
  return [
    '| adapter | f32 peak, GFLOP/s | copy, GB/s | products, of the peak | moving kernels, of the copy | training step |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...reports.map(
      (report) =>
        `| ${report.adapter} | ${report.peaks.gflops.toPrecision(3)} | ${report.peaks.copy.toPrecision(3)} | ${best(report, /^product/)} | ${best(report, /MiB$/)} | ${steps(report)} |`,
    ),
  ].join('\n');
}
