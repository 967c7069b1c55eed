import { bytes } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import type { dtypes } from '../spec/spec.ts';
import { safetensorsFile, safetensorsIndex } from './bert/safetensorsFiles.ts';
import { type Backend, isAccelerator, type ModelFiles } from './types.ts';

type Dtype = (typeof dtypes)[number];

/** Names that the hub's exports have: those of Optimum and transformers.js, then of sentence-transformers and others. */
const candidates: Record<Exclude<Dtype, 'auto'>, readonly string[]> = {
  fp32: [
    'onnx/model.onnx',
    'model.onnx',
    'onnx/model_O1.onnx',
    'onnx/model_O2.onnx',
    'onnx/model_O3.onnx',
    'model_optimized.onnx',
  ],
  fp16: ['onnx/model_fp16.onnx', 'onnx/model_float16.onnx', 'onnx/model_O4.onnx', 'model_fp16.onnx'],
  q8: [
    'onnx/model_quantized.onnx',
    'onnx/model_int8.onnx',
    'onnx/model_uint8.onnx',
    'onnx/model_qint8_avx512_vnni.onnx',
    'onnx/model_qint8_avx512.onnx',
    'onnx/model_qint8_arm64.onnx',
    'onnx/model_quint8_avx2.onnx',
    'model_quantized.onnx',
  ],
  q4: ['onnx/model_q4.onnx', 'model_q4.onnx'],
  q4f16: ['onnx/model_q4f16.onnx', 'model_q4f16.onnx'],
  bnb4: ['onnx/model_bnb4.onnx', 'model_bnb4.onnx'],
};

/** Every name under which a graph is looked for. */
export const graphNames: readonly string[] = Object.values(candidates).flat();

/** Where there is no graph, it is built of these. */
const weightFiles: readonly string[] = [safetensorsFile, safetensorsIndex];

/** How exporters name the file that holds the weights of a graph above 2 GB. */
const dataNames = ['_data', '.data'] as const;

/** What a model has to fit. */
export interface ModelDevice {
  readonly backend: Backend;
  /** Whether the adapter computes in float16 (`shader-f16`). */
  readonly float16: boolean;
  /** The largest weights in bytes that are chosen unasked. */
  readonly most: number;
}

export interface ModelChoice {
  readonly path: string;
  /** Why it is not the first in order, as half a sentence; null where it is. */
  readonly why: string | null;
  /** Whether the graph is to be built of weights, to whose file, or index of files, the path leads. */
  readonly build: boolean;
}

/** Bytes of a graph and its weights; null where they are not known. */
export async function sizeOf(files: ModelFiles, path: string): Promise<number | null> {
  const own = (await files.size?.(path)) ?? null;
  if (own === null) return null;
  const data = await Promise.all(dataNames.map((suffix) => files.size?.(path + suffix) ?? null));
  return data.reduce<number>((sum, size) => sum + (size ?? 0), own);
}

/**
 * The file to load. `auto` takes the first that fits the device of float32, the reference, then float16 where the
 * adapter computes in it, then q8, then q4. Where there is no ONNX file, float32 is built from `model.safetensors`.
 * @throws UserError naming the files looked for
 */
export async function chooseModelFile(
  files: ModelFiles,
  dtype: Dtype,
  device: ModelDevice,
): Promise<ModelChoice> {
  const passed: string[] = [];
  const kinds = dtype === 'auto' ? (['fp32', 'fp16', 'q8', 'q4'] as const) : [dtype];
  for (const kind of kinds) {
    const paths = kind === 'fp32' ? [...candidates.fp32, ...weightFiles] : candidates[kind];
    for (const path of paths) {
      if (!(await files.has(path))) continue;
      const size = path === safetensorsIndex ? null : await sizeOf(files, path);
      const against = dtype === 'auto' ? unfit(kind, size, device) : null;
      if (against !== null) {
        passed.push(`${path} ${against}`);
        break;
      }
      const build = weightFiles.includes(path);
      const why = [...passed, ...(build ? ['there is no ONNX file'] : [])].join(', ');
      return { path, build, why: why === '' ? null : why };
    }
  }
  const file = files.source;
  if (passed.length > 0) {
    throw new UserError(`has no file for this device: ${passed.join(', ')}; choose a dtype yourself.`, {
      file,
    });
  }
  const looked = kinds.flatMap((kind) => candidates[kind]).join(', ');
  throw new UserError(
    `has no ONNX file for dtype ${dtype}: looked for ${looked}; choose another dtype or export the model to ONNX.`,
    { file },
  );
}

/** The best graph of at most so many bytes, as "the dtype q8 (643.0 MB)"; null where none is known to be there. */
export async function fittingDtype(files: ModelFiles, most: number): Promise<string | null> {
  for (const dtype of ['q8', 'fp16', 'q4'] as const) {
    for (const path of candidates[dtype]) {
      if (!(await files.has(path))) continue;
      const size = await sizeOf(files, path);
      if (size !== null && size <= most) return `the dtype ${dtype} (${bytes(size)})`;
    }
  }
  return null;
}

/** What speaks against a file that nobody asked for. */
function unfit(kind: Exclude<Dtype, 'auto'>, size: number | null, device: ModelDevice): string | null {
  if (size !== null && size > device.most) {
    return `(${bytes(size)}) is more than the ${bytes(device.most)} that this device is taken to hold`;
  }
  if (kind === 'fp16' && !(isAccelerator(device.backend) && device.float16)) {
    return 'gains nothing on a device that does not compute in float16';
  }
  return null;
}
