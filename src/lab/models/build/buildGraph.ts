import { isUserError, sentenceOf, UserError } from '../../../base/userError.ts';
import { safetensorsFile } from '../bert/safetensorsFiles.ts';
import { readWeights } from '../bert/weightFile.ts';
import type { ModelConfig } from '../config.ts';
import type { ModelFiles } from '../types.ts';
import { builtFamilies, type Family, readFamily } from './familyConfig.ts';
import { modernBertParameters, writeModernBert } from './modernBert.ts';
import { postNormParameters, writePostNorm } from './postNorm.ts';

/**
 * The graph of a model that has weights and no ONNX file; of a classifier with its head, so that it gives logits.
 * @returns an ONNX model in float32
 * @throws UserError where the model is of another family or lacks weights
 */
export async function buildGraph(
  files: ModelFiles,
  { labels }: ModelConfig,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, family } = await familyOf(files, signal);
  if (kind === 'modernbert') {
    const parameters = await readWeights(files, modernBertParameters(family, labels), signal);
    return writeModernBert(family, parameters, labels);
  }
  const parameters = await readWeights(files, postNormParameters(family, labels), signal);
  return writePostNorm(family, parameters, labels);
}

async function familyOf(files: ModelFiles, signal?: AbortSignal): Promise<Family> {
  try {
    return await readFamily(files, signal);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(
      `has no ONNX file, and of ${safetensorsFile} the lab builds only ${builtFamilies} (${sentenceOf(error)}) Export it to ONNX.`,
      { file: files.source },
    );
  }
}
