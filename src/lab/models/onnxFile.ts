import { Problem } from '../problem.ts';
import type { dtypes } from '../spec/spec.ts';
import type { ModelFiles } from './types.ts';

type Dtype = (typeof dtypes)[number];

const candidates: Record<Exclude<Dtype, 'auto'>, readonly string[]> = {
  fp32: ['onnx/model.onnx', 'model.onnx'],
  fp16: ['onnx/model_fp16.onnx', 'onnx/model_float16.onnx'],
  q8: [
    'onnx/model_quantized.onnx',
    'onnx/model_int8.onnx',
    'onnx/model_qint8_avx512_vnni.onnx',
    'onnx/model_qint8_avx512.onnx',
    'onnx/model_qint8_arm64.onnx',
  ],
};

/**
 * The ONNX file to load. `auto` prefers float32, the reference, then fp16, then q8.
 * @throws Problem naming the files looked for.
 */
export async function chooseOnnxFile(files: ModelFiles, dtype: Dtype): Promise<string> {
  const wanted =
    dtype === 'auto' ? [...candidates.fp32, ...candidates.fp16, ...candidates.q8] : candidates[dtype];
  for (const path of wanted) if (await files.has(path)) return path;
  throw new Problem(
    `has no ONNX file for dtype ${dtype}: looked for ${wanted.join(', ')}; choose another dtype or export the model to ONNX.`,
    { file: files.source },
  );
}
