import type { Report } from '../lab/report/report.ts';

/** Offers a file to keep. */
export function download(name: string, content: Blob | string, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the file only after the click's task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file name of what the user sees: letters, digits and hyphens. */
export function fileName(...parts: readonly string[]): string {
  return parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** Saves a run's report, as the command line writes it. */
export function downloadReport(report: Report): void {
  download('report.json', `${JSON.stringify(report, null, 1)}\n`, 'application/json');
}
