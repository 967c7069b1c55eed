import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startHub } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    hubUrl: string;
  }
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A folder of the repository as a model's files. */
export function filesOf(
  folder: string,
  keep: (path: string) => boolean = () => true,
): Record<string, Uint8Array> {
  const paths = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + folder.length + 1))
    .filter(keep);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, folder, path))]));
}

/** One hub with the bundled models for all tests in the browser; tests set its faults at `/__test/faults`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const hub = await startHub({
    models: {
      'layerlab/mini-ce': filesOf('public/models/mini-ce'),
      'layerlab/mini-L12-v2': filesOf('public/models/mini-de'),
    },
  });
  project.provide('hubUrl', hub.url);
  return () => hub.close();
}
