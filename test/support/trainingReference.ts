import type { NamedTensor } from '../../src/lab/formats/safetensors.ts';

/** Of the model under `test/reference/training/`, which other references train too. */
export const referenceShape = {
  vocabulary: 203,
  hidden: 48,
  layers: 2,
  heads: 4,
  intermediate: 96,
  positions: 32,
  types: 2,
  epsilon: 1e-12,
};

/** How a reference was trained, as its JSON names it. */
export interface ReferenceRecipe {
  readonly weight_decay: number;
  readonly max_grad_norm: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly steps: readonly { readonly learning_rate: number }[];
}

/** A recipe with what PyTorch found at each step. */
export interface ReferenceSteps extends ReferenceRecipe {
  readonly scale: number;
  readonly steps: readonly {
    readonly loss: number;
    readonly grad_norm: number;
    readonly learning_rate: number;
  }[];
}

export function optimiserOf({ weight_decay, max_grad_norm, betas, eps }: ReferenceRecipe) {
  const [beta1, beta2] = betas;
  return { weightDecay: weight_decay, maxGradNorm: max_grad_norm, beta1, beta2, epsilon: eps };
}

/** Texts of one part of a reference batch, padding cut off. */
export function referenceRows(
  batches: ReadonlyMap<string, NamedTensor>,
  step: number,
  part: string,
): Int32Array[] {
  const ids = batches.get(`step${step}.${part}.input_ids`)!;
  const mask = batches.get(`step${step}.${part}.attention_mask`)!;
  const [rows, tokens] = ids.shape as [number, number];
  return Array.from({ length: rows }, (_, r) =>
    Int32Array.from(
      [...ids.data.subarray(r * tokens, (r + 1) * tokens)].filter((__, t) => mask.data[r * tokens + t] === 1),
    ),
  );
}
