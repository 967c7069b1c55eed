import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

interface SpawnOptions {
  /** Kills the process when it says so. */
  readonly killAt?: string;
  /** Variables beside the test's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line in a process of its own, while the test goes on. */
export function spawnLab(args: readonly string[], { killAt, env }: SpawnOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/lab.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (killAt !== undefined && stderr.includes(killAt)) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, stderr }));
  });
}
