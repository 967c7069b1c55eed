import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import {
  type EncoderShape,
  type ParameterShape,
  parameterShapes,
  positionTable,
  sizeOf,
  wordTable,
} from '../../base/bertShape.ts';
import { generator } from '../../base/random.ts';
import { UserError } from '../../base/userError.ts';
import { type BertConfig, readBertConfig } from '../models/bert/config.ts';
import { readWeights, type Weights } from '../models/bert/weightFile.ts';
import type { ModelFiles } from '../models/types.ts';
import { copiedLayers, type StartSpec } from '../spec/copiedLayers.ts';

/** Standard deviation of BERT's random weights, `initializer_range`. */
const deviation = 0.02;

export interface InitialModel {
  /** Shape of the model to train: the source's with the spec's number of layers. */
  readonly shape: EncoderShape;
  /** Every parameter of `parameterShapes(shape)`. */
  readonly weights: Weights;
  /** The source model's configuration, whose tokeniser goes with the model. */
  readonly config: BertConfig;
}

/** What a model is made of, before any weight is read. @throws UserError where the source cannot give it */
export async function initialConfig(
  train: StartSpec,
  source: ModelFiles,
  signal?: AbortSignal,
): Promise<{ config: BertConfig; copied: readonly number[] }> {
  const config = await readBertConfig(source, signal);
  const copied = copiedLayers(train);
  if (train.copy && train.init !== 'random') refuseCopy(copied, train.layers, config.shape.layers, source);
  const most = Math.min(train.layers, config.shape.layers);
  if (copied.length > most) {
    throw new UserError(
      copied.length > train.layers
        ? `is ${copied.length}, but the model has ${train.layers} layers; copy at most ${most}.`
        : `is ${copied.length}, but ${source.source} has ${config.shape.layers} layers; copy at most ${most}.`,
      { field: 'train.copyLayers' },
    );
  }
  return { config, copied };
}

/** @throws UserError naming a layer of `copy` that the source does not have, or one too many for the model */
function refuseCopy(
  copy: readonly number[],
  layers: number,
  sourceLayers: number,
  { source }: ModelFiles,
): void {
  const beyond = copy.find((layer) => layer >= sourceLayers);
  if (beyond !== undefined) {
    throw new UserError(
      `names layer ${beyond}, but ${source} has ${sourceLayers} layers, 0 to ${sourceLayers - 1}; choose among those.`,
      { field: 'train.copy' },
    );
  }
  if (copy.length > layers) {
    throw new UserError(
      `names ${copy.length} layers, but the model has ${layers}; name as many at most, or raise layers.`,
      { field: 'train.copy' },
    );
  }
}

/**
 * A model before its first step. `ce` and `de` take the embedding layer and the first `copyLayers` encoder
 * layers from the source (section 3.2 of the paper: DE-2 CE has the CE's embedding layer and its layer 0), or those
 * that `copy` names, as layer reduction does; `random` takes its sizes only. The rest is random as {@link randomParameter}: the same values for the same
 * seed, whatever was copied, so that runs which differ in their start differ in nothing else.
 * @param source files of the CE for `ce` and `random`, of the DE for `de`
 * @throws UserError where the source is no encoder that can be trained, or has too few layers
 */
export async function initialModel(
  train: StartSpec,
  seed: number,
  source: ModelFiles,
  signal?: AbortSignal,
): Promise<InitialModel> {
  const { config, copied } = await initialConfig(train, source, signal);
  const shape = { ...config.shape, layers: train.layers };
  /** Its name in the source; null where it is not copied. */
  const nameInSource = ({ name }: ParameterShape): string | null => {
    if (train.init === 'random') return null;
    const layer = layerName.exec(name)?.[1];
    if (layer === undefined) return name;
    const from = copied[Number(layer)];
    return from === undefined ? null : name.replace(layerName, `encoder.layer.${from}.`);
  };
  const parameters = parameterShapes(shape);
  const wanted = new Map<string, ParameterShape>();
  for (const parameter of parameters) {
    const name = nameInSource(parameter);
    if (name !== null) wanted.set(name, { ...parameter, name });
  }
  const read: Weights = wanted.size > 0 ? await readWeights(source, [...wanted.values()], signal) : new Map();
  const weights: Weights = new Map();
  for (const parameter of parameters) {
    weights.set(
      parameter.name,
      read.get(nameInSource(parameter) ?? '') ?? {
        shape: parameter.shape,
        data: randomParameter(parameter, seed, config.padTokenId, shape.firstPosition),
      },
    );
  }
  return { shape, weights, config };
}

const layerName = /^encoder\.layer\.(\d+)\./;

/**
 * A parameter as `_init_weights` of transformers' BertPreTrainedModel makes it: weights normal with standard
 * deviation 0.02 and mean 0, biases 0, LayerNorm 1 and 0, and the padding token's word 0, as is its position where
 * it has one. Each parameter has a generator of its own, of the seed and its name.
 */
export function randomParameter(
  { name, shape }: ParameterShape,
  seed: number,
  padTokenId: number,
  firstPosition = 0,
): Float32Array<ArrayBuffer> {
  const data = new Float32Array(sizeOf(shape));
  if (name.endsWith('.bias')) return data;
  if (name.includes('LayerNorm')) return data.fill(1);
  fillNormal(data, (seed ^ hashOf(name)) >>> 0);
  const clear = (row: number): Float32Array => data.fill(0, row * shape[1]!, (row + 1) * shape[1]!);
  if (name === wordTable) clear(padTokenId);
  if (name === positionTable && firstPosition > 0) clear(firstPosition - 1);
  return data;
}

/** Normal values by the polar method of Marsaglia and Bray, "A convenient method ...", SIAM Review 6(3), 1964. */
function fillNormal(data: Float32Array, seed: number): void {
  const random = generator(seed);
  for (let i = 0; i < data.length; ) {
    const x = 2 * uniformFloat64(random) - 1;
    const y = 2 * uniformFloat64(random) - 1;
    const square = x * x + y * y;
    if (square >= 1 || square === 0) continue;
    const factor = deviation * Math.sqrt((-2 * Math.log(square)) / square);
    data[i++] = x * factor;
    if (i < data.length) data[i++] = y * factor;
  }
}

/** FNV-1a, 32 bits, of the name's UTF-16 units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}
