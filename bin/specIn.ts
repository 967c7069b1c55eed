import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../src/base/userError.ts';
import { readSpec } from '../src/lab/spec/readSpec.ts';
import type { Spec } from '../src/lab/spec/spec.ts';

/** The spec in a file. @throws UserError that names the file */
export function specIn(file: string): Spec {
  if (!existsSync(file)) throw new UserError('there is no such file; name an existing spec.', { file });
  return readSpec(readFileSync(file, 'utf8'), file);
}
