import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { readReport } from '../../../src/lab/report/read.ts';
import type { Report } from '../../../src/lab/report/report.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A folder for a file of tests, removed behind it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerlab-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command line as `npm run lab -- ARGS` does, what it runs in the browser unless another runtime is named. */
export function lab(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const isOpen = ['run', 'check'].includes(args[0] ?? '') && !args.includes('--runtime');
  const runtime = isOpen ? ['--runtime', 'browser'] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'bin/lab.ts', ...args, ...runtime],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

/** Writes a file into a folder. @returns its path */
export function written(folder: string, name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

export function reportIn(out: string): Report {
  return readReport(readFileSync(join(out, 'report.json'), 'utf8'), 'report.json');
}
