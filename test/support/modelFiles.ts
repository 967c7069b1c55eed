import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../src/base/userError.ts';
import type { ModelFiles } from '../../src/lab/models/types.ts';

/** A model folder of this repository, read from the disk; `folder` counts from the repository's root. */
export function diskModel(folder: string): ModelFiles {
  const path = (name: string): string => fileURLToPath(new URL(`../../${folder}/${name}`, import.meta.url));
  return {
    source: `test:${folder}`,
    has: (name) => Promise.resolve(existsSync(path(name))),
    text: (name) => Promise.resolve(readFileSync(path(name), 'utf8')),
    bytes: (name, { range } = {}) =>
      Promise.resolve(new Uint8Array(readFileSync(path(name))).slice(range?.[0], range?.[1])),
  };
}

/** A model of files made in a test. */
export function madeModel(files: Readonly<Record<string, string>>): ModelFiles {
  return {
    source: 'test:made',
    has: (name) => Promise.resolve(files[name] !== undefined),
    text: (name) => {
      const text = files[name];
      return text === undefined ? Promise.reject(new UserError(`no ${name}`)) : Promise.resolve(text);
    },
    bytes: () => Promise.reject(new Error('A made model has no bytes.')),
  };
}
