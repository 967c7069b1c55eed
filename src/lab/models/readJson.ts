import type { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { ModelFiles } from './types.ts';

/**
 * Reads a JSON file of a model.
 * @param what what the file should be, for the sentence where it is not
 * @throws UserError when it is missing, is no JSON, or is not as the schema says
 */
export async function readJson<T>(
  files: ModelFiles,
  path: string,
  schema: z.ZodType<T>,
  what: string,
  signal?: AbortSignal,
): Promise<T> {
  const file = `${files.source}/${path}`;
  let value: unknown;
  try {
    value = JSON.parse(await files.text(path, signal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the file of the model repository.', { file });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError(`is not ${what} (${issue?.message ?? 'it is malformed'}); use the repository's file.`, {
    file,
    ...(issue && issue.path.length > 0 ? { field: issue.path.map(String).join('.') } : {}),
  });
}
