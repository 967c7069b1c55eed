import { parameterShapes } from '../../../base/bertShape.ts';
import { isUserError, sentenceOf, UserError } from '../../../base/userError.ts';
import type { ModelConfig } from '../config.ts';
import { safetensorsFile } from '../modelFile.ts';
import type { ModelFiles } from '../types.ts';
import { readBertConfig } from './config.ts';
import { exportOnnx, headShapes } from './onnxExport.ts';
import { readWeights } from './weightFile.ts';

/**
 * The graph of a BERT that has weights and no ONNX file; of a classifier with its head, so that it gives logits.
 * @returns an ONNX model in float32
 * @throws UserError where the model is no BERT or lacks weights
 */
export async function buildGraph(
  files: ModelFiles,
  { labels }: ModelConfig,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let shape: Awaited<ReturnType<typeof readBertConfig>>['shape'];
  try {
    ({ shape } = await readBertConfig(files, signal));
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(
      `has no ONNX file, and of ${safetensorsFile} the lab builds only plain BERT encoders (${sentenceOf(error)}) Export it to ONNX.`,
      { file: files.source },
    );
  }
  const wanted = [...parameterShapes(shape), ...(labels === null ? [] : headShapes(shape, labels))];
  return exportOnnx(shape, await readWeights(files, wanted, signal), labels);
}
