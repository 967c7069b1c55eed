import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const inputs = [
  'src',
  'workers',
  'public',
  'docs/promises.md',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

function newest(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    status.mtimeMs,
  );
}

/** Builds the page unless the last build is newer than everything that goes into it. */
export async function buildIfStale(): Promise<void> {
  const built = join(root, 'dist/index.html');
  const latest = Math.max(
    ...inputs
      .map((name) => join(root, name))
      .filter(existsSync)
      .map(newest),
  );
  if (existsSync(built) && statSync(built).mtimeMs > latest) return;
  // A test runner sets NODE_ENV, and Vite would build React for development.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root, logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
