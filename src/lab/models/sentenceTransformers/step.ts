import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import { type NamedTensor, readSafetensors } from '../../formats/safetensors.ts';
import { linear } from '../linear.ts';
import { readJson } from '../readJson.ts';
import type { ModelFiles } from '../types.ts';
import { readActivation } from './activation.ts';
import type { Module } from './modules.ts';

/** A function of one vector that follows the pooling. */
export interface Step {
  /** Identifies it, weights included, in cache keys. */
  readonly key: string;
  /** In words, as "Dense 768 → 256, Tanh". */
  readonly words: string;
  /** Numbers of its input, null where it takes any; and of its output, null for as many. */
  readonly inputs: number | null;
  readonly outputs: number | null;
  apply(vector: Float32Array): Float32Array;
}

const denseSchema = z.looseObject({
  in_features: z.int().min(1),
  out_features: z.int().min(1),
  bias: z.boolean().default(true),
  activation_function: z.string().nullish(),
  module_input_name: z.string().default('sentence_embedding'),
});
const layerNormSchema = z.looseObject({ dimension: z.int().min(1) });

/** As PyTorch's LayerNorm has it. */
const layerNormEpsilon = 1e-5;

/** As PyTorch's `F.normalize` has it. */
const leastNorm = 1e-12;

/** Scales a vector to length 1. */
export const normalize: Step = {
  key: 'normalize',
  words: 'normalised to length 1',
  inputs: null,
  outputs: null,
  apply(vector) {
    const norm = Math.max(leastNorm, Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)));
    return vector.map((value) => value / norm);
  },
};

/**
 * Reads a module that follows the pooling.
 * @throws UserError when it cannot be computed
 */
export async function readStep(files: ModelFiles, module: Module, signal?: AbortSignal): Promise<Step> {
  switch (module.kind) {
    case 'Dense':
      return await readDense(files, module.path, signal);
    case 'LayerNorm':
      return await readLayerNorm(files, module.path, signal);
    case 'Normalize':
      return normalize;
    default:
      throw new UserError(`has a ${module.kind} behind its pooling; save it as sentence-transformers does.`, {
        file: `${files.source}/modules.json`,
      });
  }
}

/** Keeps the first numbers of a vector, as models trained for that allow (Matryoshka). */
export function truncate(dimensions: number): Step {
  return {
    key: `first ${dimensions}`,
    words: `cut to its first ${dimensions} numbers`,
    inputs: null,
    outputs: dimensions,
    apply: (vector) => vector.slice(0, dimensions),
  };
}

interface StepWeights {
  readonly hash: string;
  tensor(name: string, shape: readonly number[]): NamedTensor;
}

async function readStepWeights(
  files: ModelFiles,
  folder: string,
  signal?: AbortSignal,
): Promise<StepWeights> {
  const path = `${folder}/model.safetensors`;
  const file = `${files.source}/${path}`;
  if (!(await files.has(path)) && (await files.has(`${folder}/pytorch_model.bin`))) {
    throw new UserError(
      'is in Python\'s own format, which a browser does not read; save the model again with "safe_serialization=True".',
      { file: `${files.source}/${folder}/pytorch_model.bin` },
    );
  }
  const bytes = await files.bytes(path, { signal });
  const tensors = readSafetensors(bytes, file);
  return {
    hash: bytesToHex(sha256(bytes)).slice(0, 16),
    tensor(name, shape) {
      const found = tensors.get(name);
      if (found && found.shape.join() === shape.join()) return found;
      throw new UserError(
        `has no ${name} of ${shape.join(' × ')}; use files of the model repository that belong together.`,
        { file },
      );
    },
  };
}

async function readDense(files: ModelFiles, folder: string, signal?: AbortSignal): Promise<Step> {
  const path = `${folder}/config.json`;
  const config = await readJson(files, path, denseSchema, 'the configuration of a Dense module', signal);
  const { in_features: inputs, out_features: outputs, module_input_name: reads } = config;
  if (reads !== 'sentence_embedding') {
    throw new UserError(
      `is "${reads}", but the lab computes Dense on pooled vectors only; use a model with one vector a text.`,
      { file: `${files.source}/${path}`, field: 'module_input_name' },
    );
  }
  const activation = readActivation(config.activation_function, 'Tanh', `${files.source}/${path}`);
  const weights = await readStepWeights(files, folder, signal);
  const { data: matrix } = weights.tensor('linear.weight', [outputs, inputs]);
  const bias = config.bias ? weights.tensor('linear.bias', [outputs]).data : null;
  return {
    key: `dense ${weights.hash} ${activation.name}`,
    words: `Dense ${inputs} → ${outputs}, ${activation.name}`,
    inputs,
    outputs,
    apply: (vector) => Float32Array.from(linear(vector, matrix, bias), activation.apply),
  };
}

async function readLayerNorm(files: ModelFiles, folder: string, signal?: AbortSignal): Promise<Step> {
  const path = `${folder}/config.json`;
  const { dimension } = await readJson(files, path, layerNormSchema, 'that of a LayerNorm', signal);
  const weights = await readStepWeights(files, folder, signal);
  const gamma = weights.tensor('norm.weight', [dimension]).data;
  const beta = weights.tensor('norm.bias', [dimension]).data;
  return {
    key: `layerNorm ${weights.hash}`,
    words: 'LayerNorm',
    inputs: dimension,
    outputs: null,
    apply(vector) {
      const mean = vector.reduce((sum, value) => sum + value, 0) / dimension;
      const variance = vector.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dimension;
      const scale = 1 / Math.sqrt(variance + layerNormEpsilon);
      return vector.map((value, i) => (value - mean) * scale * gamma[i]! + beta[i]!);
    },
  };
}
