import { type ModelConfig, readModelConfig } from './config.ts';
import { requireTokenizer } from './tokenise.ts';
import type { ModelFiles } from './types.ts';

/**
 * Whether a model is there, with its tokeniser: one that is not there at all is said before what of it is missing.
 * @throws UserError
 */
export async function requireModel(files: ModelFiles, signal?: AbortSignal): Promise<ModelConfig> {
  const config = await readModelConfig(files, signal);
  await requireTokenizer(files);
  return config;
}
