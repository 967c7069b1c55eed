import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../src/base/userError.ts';

/** The folder that an option names, if it is given. @throws UserError where there is none */
export function folderOption(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new UserError(`${option} names ${path}, which is not a folder; name one that exists.`);
  }
  return resolve(path);
}
