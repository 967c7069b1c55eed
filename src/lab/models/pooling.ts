import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { SinglePooling } from './tokenise.ts';
import type { ModelFiles } from './types.ts';

const path = '1_Pooling/config.json';
const schema = z.looseObject({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
  pooling_mode: z.string().optional(),
});

/**
 * How a DE pools by its own `1_Pooling/config.json` (sentence-transformers): the mean over all unpadded
 * tokens, or [CLS]. Without that file it is the mean.
 * @throws UserError for a pooling that the lab does not have
 */
export async function readOwnPooling(files: ModelFiles, signal?: AbortSignal): Promise<SinglePooling> {
  if (!(await files.has(path))) return { rule: 'all' };
  const file = `${files.source}/${path}`;
  let value: unknown;
  try {
    value = JSON.parse(await files.text(path, signal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the file of the model repository.', { file });
  }
  const parsed = schema.safeParse(value);
  const modes = parsed.success ? parsed.data : null;
  if (modes?.pooling_mode_mean_tokens || modes?.pooling_mode === 'mean') return { rule: 'all' };
  if (modes?.pooling_mode_cls_token || modes?.pooling_mode === 'cls') return { rule: 'cls' };
  throw new UserError('asks for a pooling other than mean or [CLS]; use a model with one of these.', {
    file,
  });
}
