import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';

/** A program that a test has started. */
export interface Program {
  /** @throws when the program has ended by itself */
  check(): void;
  readonly process: ChildProcess;
  end(): Promise<void>;
}

/** @param folder of the program's own, deleted behind it */
export function startProgram(
  command: string,
  args: readonly string[],
  { env, folder }: { readonly env?: NodeJS.ProcessEnv; readonly folder?: string } = {},
): Program {
  // A group of its own, since a browser is many processes. What a fourth stream says is the program's own matter.
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-2000);
  });
  let failed: Error | undefined;
  child.on('error', (error) => {
    failed = error;
  });
  const ended = (): boolean => failed !== undefined || child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  };
  process.once('exit', kill);
  return {
    process: child,
    check() {
      if (ended()) throw new Error(`${command} has ended: ${failed?.message ?? said}`);
    },
    async end() {
      const exit = ended() ? undefined : once(child, 'exit');
      kill();
      process.off('exit', kill);
      await exit;
      if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Tries until it comes to something. @throws when the program has ended, or hangs */
export async function tried<T>(program: Program, what: string, attempt: () => Promise<T>): Promise<T> {
  const end = Date.now() + 300_000;
  for (;;) {
    program.check();
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what} did not come.`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
