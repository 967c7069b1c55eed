import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport } from '../src/lab/report/read.ts';
import type { Report } from '../src/lab/report/report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface BrowserRun {
  /** null where the run did not end well. */
  readonly report: Report | null;
  /** What it said last on stderr. */
  readonly last: string;
  readonly seconds: number;
  /** The renderer's, in MB. */
  readonly peak: number;
}

/**
 * Runs a spec from the command line in a headless browser, with the models and collections of a folder's `models` and
 * `data`, and watches the renderer's memory by Linux' /proc.
 */
export async function browserRun(folder: string, spec: unknown): Promise<BrowserRun> {
  const [file, out] = [join(folder, 'spec.json'), join(folder, 'out')];
  writeFileSync(file, JSON.stringify(spec));
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'bin/lab.ts', 'run', file, '--out', out, '--no-cache', '--runtime', 'browser'],
      ...['--data', join(folder, 'data'), '--models', join(folder, 'models')],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-4000);
  });
  let peak = 0;
  const poll = setInterval(() => {
    peak = Math.max(peak, rendererPeak(child.pid ?? 0));
  }, 500);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(poll);
  return {
    report: code === 0 ? readReport(readFileSync(join(out, 'report.json'), 'utf8'), 'report.json') : null,
    last:
      said
        .trim()
        .split(/[\r\n]+/)
        .at(-1) ?? '',
    seconds: (performance.now() - started) / 1000,
    peak,
  };
}

/** Highest resident set of any renderer below a process, in MB; the page and its workers live in one. */
function rendererPeak(ancestor: number): number {
  const parents = new Map<number, number>();
  const peaks = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'))
        peaks.set(pid, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === ancestor) return true;
    return false;
  };
  return Math.max(0, ...[...peaks].filter(([pid]) => isBelow(pid)).map(([, peak]) => peak));
}
