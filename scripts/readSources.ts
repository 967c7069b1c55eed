import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sources } from './checkFloors.ts';

/** The repository's own TypeScript below some folders, and some files of its root. */
export function readSources(folders: readonly string[], files: readonly string[] = []): Sources {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const names = [
    ...folders.flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    ),
    ...files,
  ].filter((name) => /\.tsx?$/.test(name));
  return new Map(names.map((name) => [name.split(sep).join('/'), readFileSync(root + name, 'utf8')]));
}
