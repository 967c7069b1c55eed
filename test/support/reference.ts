import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NamedTensor, readSafetensors } from '../../src/lab/formats/safetensors.ts';
import type { TokenBatch } from '../../src/lab/models/types.ts';

export type Tensors = ReadonlyMap<string, NamedTensor>;

/** The tensors of a file below `test/reference/`. */
export function referenceTensors(path: string): Tensors {
  const url = new URL(`../reference/${path}`, import.meta.url);
  return readSafetensors(new Uint8Array(readFileSync(fileURLToPath(url))));
}

export function tensorOf(tensors: Tensors, name: string): NamedTensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`The reference has no ${name}; it has ${[...tensors.keys()].join(', ')}.`);
  return found;
}

/** Some rows of a stored batch, whose ids are floats; every token that is no padding is pooled alike. */
export function storedBatch(tensors: Tensors, rows: readonly number[]): TokenBatch {
  const [, tokens] = tensorOf(tensors, 'input_ids').shape as [number, number];
  const picked = (name: string): BigInt64Array<ArrayBuffer> => {
    const { data } = tensorOf(tensors, name);
    return BigInt64Array.from(
      rows.flatMap((row) => Array.from(data.subarray(row * tokens, (row + 1) * tokens), BigInt)),
    );
  };
  const attentionMask = picked('attention_mask');
  const poolWeights = new Float32Array(rows.length * tokens);
  for (let row = 0; row < rows.length; row++) {
    const mask = attentionMask.subarray(row * tokens, (row + 1) * tokens);
    const length = mask.reduce((sum, one) => sum + Number(one), 0);
    for (const [t, one] of mask.entries()) poolWeights[row * tokens + t] = Number(one) / length;
  }
  return {
    rows: rows.length,
    tokens,
    inputIds: picked('input_ids'),
    attentionMask,
    tokenTypeIds: picked('token_type_ids'),
    poolWeights,
  };
}
