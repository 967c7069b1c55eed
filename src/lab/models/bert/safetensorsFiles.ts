import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import type { ModelFiles } from '../types.ts';

export const safetensorsFile = 'model.safetensors';
/** Of weights in several files, which of them holds what. */
export const safetensorsIndex = 'model.safetensors.index.json';

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string().min(1)) });

/**
 * The files in which a model has its weights as safetensors, none where it has none.
 * @throws UserError where the index of several is none
 */
export async function safetensorsFiles(files: ModelFiles, signal?: AbortSignal): Promise<string[]> {
  if (await files.has(safetensorsFile)) return [safetensorsFile];
  if (!(await files.has(safetensorsIndex))) return [];
  const file = `${files.source}/${safetensorsIndex}`;
  let value: unknown;
  try {
    value = JSON.parse(await files.text(safetensorsIndex, signal));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('is not JSON; use the one of the model repository.', { file });
  }
  const { success, data } = indexSchema.safeParse(value);
  if (!success) {
    throw new UserError('has no "weight_map" that names files; use the one of the model repository.', {
      file,
    });
  }
  return [...new Set(Object.values(data.weight_map))].sort();
}
