import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether packages can be installed here without asking anyone: root on Debian or one of its kin. */
export function canAptInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

/**
 * Installs Debian packages; without a network it ends soon.
 * @param recommended whether what they recommend comes too, as fonts
 * @returns whether all of them are there
 */
export function aptInstall(
  packages: readonly string[],
  { recommended = true }: { readonly recommended?: boolean } = {},
): boolean {
  const options = ['-qq', '-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20'];
  const run = (...args: string[]): boolean =>
    spawnSync('apt-get', [...options, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const extent = recommended ? [] : ['--no-install-recommends'];
  return run('update') && run('install', '-y', ...extent, ...packages);
}

/** Path of the first of these commands that is there. */
export function findCommand(commands: readonly string[]): string | undefined {
  for (const command of commands) {
    const found = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout?.trim();
    if (found) return found;
  }
  return undefined;
}
