import { sentenceOf, UserError } from '../../base/userError.ts';
import { parseSpec } from './parse.ts';
import type { Spec } from './spec.ts';

/** The spec that a file holds, with or without a byte order mark. @throws UserError that names the file */
export function readSpec(text: string, file: string): Spec {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UserError(`is not JSON (${sentenceOf(error)}); correct it.`, { file });
  }
  try {
    return parseSpec(value);
  } catch (error) {
    throw new UserError(sentenceOf(error), { file });
  }
}
