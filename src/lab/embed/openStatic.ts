import { sha256 } from '../../base/sha256.ts';
import { UserError } from '../../base/userError.ts';
import { deviceOf } from '../models/backend.ts';
import { safetensorsFiles } from '../models/bert/safetensorsFiles.ts';
import { readModelConfig } from '../models/config.ts';
import { type EmbeddingMatrix, readEmbeddingMatrix } from '../models/embeddingMatrix.ts';
import { chooseModelFile } from '../models/modelFile.ts';
import { requireModel } from '../models/requireModel.ts';
import { readTokenizer, singleEncoder } from '../models/tokenise.ts';
import type { LayerSession, ModelFiles, SessionInfo } from '../models/types.ts';
import type { Spec } from '../spec/spec.ts';
import type { System } from '../spec/systemName.ts';
import { idfTokens, type ModelSource, type OpenedModel, tokenizerHash } from './openModel.ts';

type StaticSystem = Extract<System, { readonly type: 'static' }>;

/**
 * Opens a model's embedding matrix as an encoder of its own: a text is the mean of its tokens' rows, those of
 * special tokens left out, without a position, a norm or a layer; see `idfPooled` for IDF weights.
 * @throws UserError where the model has no matrix that can be read
 */
export async function openStatic(
  { kind, weights }: StaticSystem,
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<OpenedModel> {
  const { source, dtype } = spec.models[kind];
  const files = await from.openFiles(source, signal);
  const config = await readModelConfig(files, signal);
  const matrix = await readEmbeddingMatrix(files, await onnxFileOf(files, dtype, from, signal), { signal });
  const tokenizer = await readTokenizer(files, signal);
  const maxLength = Math.min(spec.maxLength, config.maxTokens);
  const encoder = singleEncoder(tokenizer, { rule: 'sentence', cls: false }, maxLength, config.padTokenId);
  const { buffer, byteOffset, byteLength } = matrix.data;
  const session = staticSession(matrix, {
    source: files.source,
    sha256: await sha256(new Uint8Array(buffer, byteOffset, byteLength)),
    file: matrix.file,
    kind,
    architecture: config.architecture,
    layers: 0,
    hiddenSize: matrix.columns,
    maxTokens: config.maxTokens,
    padTokenId: config.padTokenId,
    labels: null,
    bytes: matrix.data.byteLength,
    parameters: matrix.data.length,
    backend: 'typescript',
    reading: `the mean of its token embeddings${weights === 'idf' ? ', weighted by IDF in the collection' : ''}; no encoder is run`,
    why: 'no graph is run',
    threads: 1,
  });
  return {
    session,
    encoder,
    tokenizerHash: await tokenizerHash(files, signal),
    unstored: true,
    ...(weights === 'idf' ? { idf: idfTokens(tokenizer) } : {}),
  };
}

/** Whether a static system could be opened, without its matrix. @throws UserError as {@link openStatic} would */
export async function checkStatic(
  { kind }: StaticSystem,
  spec: Spec,
  from: ModelSource,
  signal: AbortSignal,
): Promise<void> {
  const { source, dtype } = spec.models[kind];
  const files = await from.openFiles(source, signal);
  await requireModel(files, signal);
  await onnxFileOf(files, dtype, from, signal);
}

/** The ONNX file that the matrix is read from where there are no safetensors; null where there are. */
async function onnxFileOf(
  files: ModelFiles,
  dtype: Spec['models']['ce']['dtype'],
  from: ModelSource,
  signal: AbortSignal,
): Promise<string | null> {
  if ((await safetensorsFiles(files, signal)).length > 0) return null;
  return (await chooseModelFile(files, dtype, deviceOf('wasm', await from.adapter()))).path;
}

function staticSession({ rows: tokens, columns, data }: EmbeddingMatrix, info: SessionInfo): LayerSession {
  return {
    info,
    layers: [0],
    pooled(batch) {
      const out = new Float32Array(batch.rows * columns);
      for (let row = 0; row < batch.rows; row++) {
        const sums = out.subarray(row * columns, (row + 1) * columns);
        for (let at = row * batch.tokens; at < (row + 1) * batch.tokens; at++) {
          const pooled = batch.poolWeights[at]!;
          if (pooled === 0) continue;
          const token = Number(batch.inputIds[at]!);
          if (token >= tokens) {
            throw new UserError(
              `has ${tokens} token embeddings, but its tokeniser gives token ${token}; use files that belong together.`,
              { file: `${info.source}/${info.file}` },
            );
          }
          const from = token * columns;
          for (let c = 0; c < columns; c++) sums[c] = sums[c]! + pooled * data[from + c]!;
        }
      }
      return Promise.resolve(out);
    },
    dispose: () => Promise.resolve(),
  };
}
