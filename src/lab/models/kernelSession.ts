import { type EncoderShape, type ParameterShape, parameterShapes, sizeOf } from '../../base/bertShape.ts';
import { isOutOfMemory } from '../../base/memory.ts';
import { isUserError, UserError } from '../../base/userError.ts';
import type { Texts } from '../../wasm/encoder/batch.ts';
import { Encoder, isRunnable } from '../../wasm/encoder/encoder.ts';
import { readBertConfig } from './bert/config.ts';
import { findOnnxWeights, parameterOf } from './bert/onnxWeights.ts';
import { headParameters, type PostNormFamily } from './build/postNorm.ts';
import { type ClassifierHead, classifierHead } from './classifierHead.ts';
import { besideGraph } from './external.ts';
import { fileOf } from './graphFile.ts';
import type { ModelInputs } from './modelInputs.ts';
import type { ScannedInitializer } from './onnx/scan.ts';
import { readTensor, type StoredTensor } from './onnx/tensor.ts';
import { infoOf, type ReadModel, type SessionOptions } from './readModel.ts';
import { threadCount } from './runtime.ts';
import type { LayerSession, ModelFiles, PlainSession, SessionInfo, TokenBatch } from './types.ts';

/** `TensorProto.DataType` of float32. */
const float32 = 1;

/** Bytes of weights above which the runtime's ways, which larger models were tried on, are kept. */
const mostBytes = 1.5e9;

/** An encoder that the lab's own kernels run on the processor. */
export interface OwnEncoder {
  readonly shape: EncoderShape;
  /** As PyTorch stores them, by the hub's name. */
  readonly parameters: (name: string) => Float32Array;
  /** null where it was not asked for. */
  readonly head: ClassifierHead | null;
}

/**
 * The encoder of a model, of the graph that was read, where the lab's kernels compute what it computes as far as its
 * configuration and its parameters tell. Whether they do is to be checked.
 * @param labels of its head, where that is asked for; null for the encoder alone
 * @returns null for another family, another activation, weights that are no float32 or too many, or a graph that lacks one
 */
export async function ownEncoderOf(
  files: ModelFiles,
  read: ReadModel,
  labels: number | null,
): Promise<OwnEncoder | null> {
  const family = await familyOf(files);
  if (!family || !isRunnable(family.shape)) return null;
  const { shape } = family;
  const wanted = [...parameterShapes(shape), ...(labels === null ? [] : headParameters(family, labels))];
  if (wanted.reduce((sum, one) => sum + 4 * sizeOf(one.shape), 0) > mostBytes) return null;
  const found = findOnnxWeights(read.model, wanted);
  const isThere = ({ name, shape: size }: ParameterShape): boolean => {
    const weights = found.get(name);
    if (!weights) return false;
    const { type, shape: stored, values } = heldTensor(read, weights.initializer);
    const asPyTorch = weights.transposed ? stored.toReversed() : stored;
    return type === float32 && asPyTorch.join() === size.join() && values.length === 4 * sizeOf(size);
  };
  if (!wanted.every(isThere)) return null;
  // Read when it is asked for: a model is in memory often enough.
  const parameters = (name: string): Float32Array => {
    const weights = found.get(name)!;
    return parameterOf(weights, heldTensor(read, weights.initializer), fileOf(read)).data;
  };
  const head = labels === null ? null : classifierHead(family, labels, copied(parameters));
  return { shape, parameters, head };
}

/** Apart from the model's bytes, which would be held as long as a part of them. */
function copied(parameters: (name: string) => Float32Array): (name: string) => Float32Array {
  return (name) => parameters(name).slice();
}

/** null for what is not BERT or one of its relatives. */
async function familyOf(files: ModelFiles): Promise<PostNormFamily | null> {
  try {
    return (await readBertConfig(files)).family;
  } catch (error) {
    if (isUserError(error)) return null;
    throw error;
  }
}

/** An initialiser's values, of the files that are in memory. */
function heldTensor(read: ReadModel, at: ScannedInitializer): StoredTensor {
  const tensor = readTensor(read.model.bytes, at, fileOf(read));
  if (tensor.external === null) return tensor;
  const { location, offset, length } = tensor.external;
  const path = besideGraph(read.file, location);
  const beside = read.external.find((file) => besideGraph(read.file, file.path) === path);
  return {
    ...tensor,
    values: beside?.data.subarray(offset, length === null ? undefined : offset + length) ?? tensor.values,
  };
}

/**
 * Opens an encoder on the lab's own kernels for WebAssembly.
 * @param layers ascending
 * @throws RangeError where there is no memory for it
 */
export async function openKernelSession(
  options: SessionOptions,
  read: ReadModel,
  { shape, parameters }: OwnEncoder,
  layers: readonly number[],
): Promise<LayerSession> {
  const run = { ...shape, layers: layers.at(-1) ?? 0 };
  const info: SessionInfo = {
    ...infoOf(options, read, read.model),
    unpadded: true,
    parameters: parameterShapes(run).reduce((sum, one) => sum + sizeOf(one.shape), 0),
  };
  const encoder = await Encoder.open({ shape, parameters, layers, threads: threadCount() });
  return sessionOf({ encoder, shape, info, layers, inputs: read.inputs, file: fileOf(read) });
}

/**
 * Opens a cross encoder on the lab's own kernels, for its logits.
 * @throws RangeError where there is no memory for it
 */
export async function openKernelHead(
  options: SessionOptions,
  read: ReadModel,
  encoder: OwnEncoder,
): Promise<PlainSession> {
  return headSessionOf(
    await openKernelSession(options, read, encoder, [encoder.shape.layers]),
    encoder.head!,
  );
}

function headSessionOf(session: LayerSession, head: ClassifierHead): PlainSession {
  return {
    info: session.info,
    outputs: ['logits'],
    async run(batch) {
      const first = new Float32Array(batch.rows * batch.tokens);
      for (let row = 0; row < batch.rows; row++) first[row * batch.tokens] = 1;
      const states = await session.pooled({ ...batch, poolWeights: first });
      return { logits: { data: head.logits(states, batch.rows), dims: [batch.rows, head.labels] } };
    },
    dispose: () => session.dispose(),
  };
}

/** Apart from what opens it, so that the model's bytes are not held as long as it lives. */
function sessionOf({ encoder, shape, info, layers, inputs, file }: Opened): LayerSession {
  return {
    info,
    layers,
    async pooled(batch) {
      const texts = textsOf(batch, shape, inputs);
      refuseUnknown(texts, shape, file);
      try {
        return await encoder.pooled(texts);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        throw new UserError(
          `takes more memory than this tab has left for ${batch.rows} texts of ${batch.tokens} tokens; set fewer tokens by maxLength.`,
          { file },
        );
      }
    },
    dispose: () => Promise.resolve(encoder.dispose()),
  };
}

interface Opened {
  readonly encoder: Encoder;
  readonly shape: EncoderShape;
  readonly info: SessionInfo;
  readonly layers: readonly number[];
  readonly inputs: ModelInputs;
  readonly file: string;
}

/** @throws UserError where a token, its position or its kind is none of the model's: no kernel looks for that */
function refuseUnknown({ ids }: Texts, { vocabulary, positions, types }: EncoderShape, file: string): void {
  const limits = [
    ['token', vocabulary, 'vocab_size'],
    ['position', positions, 'max_position_embeddings'],
    ['kind of token', types, 'type_vocab_size'],
  ] as const;
  for (const [at, id] of ids.entries()) {
    const [what, limit, field] = limits[at % 3]!;
    if (id >= 0 && id < limit) continue;
    throw new UserError(
      `is given the ${what} ${id}, but its config.json knows ${limit}; use files that belong together.`,
      { file, field },
    );
  }
}

/** A batch without its padding, each token with what the graph would be given or make of it. */
export function textsOf(
  { rows, tokens, inputIds, attentionMask, tokenTypeIds, poolWeights }: TokenBatch,
  { types, firstPosition = 0 }: EncoderShape,
  { inputs }: Pick<ModelInputs, 'inputs'>,
): Texts {
  const takes = (role: string): boolean => inputs.some(({ name }) => name === role);
  const typed = types > 1 && takes('token_type_ids');
  // Without positions, RoBERTa counts the tokens that are no padding, whose id is the one before the first position.
  const padding = firstPosition > 0 && !takes('position_ids') ? firstPosition - 1 : null;
  const lengths = Int32Array.from({ length: rows }, (_, row) => {
    const mask = attentionMask.subarray(row * tokens, (row + 1) * tokens);
    return Math.max(1, mask.lastIndexOf(1n) + 1);
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const ids = new Int32Array(3 * total);
  const weights = new Float32Array(total);
  let to = 0;
  for (const [row, length] of lengths.entries()) {
    let position = firstPosition;
    for (let token = row * tokens; token < row * tokens + length; token++) {
      const word = Number(inputIds[token]);
      ids.set(
        [word, word === padding ? padding : position++, typed ? Number(tokenTypeIds[token]) : 0],
        3 * to,
      );
      weights[to++] = poolWeights[token]!;
    }
  }
  return { lengths, ids, weights };
}
