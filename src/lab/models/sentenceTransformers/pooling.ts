import { z } from 'zod';
import { UserError } from '../../../base/userError.ts';
import { readJson } from '../readJson.ts';
import type { ModelFiles } from '../types.ts';

export const poolingModes = [
  'cls',
  'max',
  'mean',
  'mean_sqrt_len_tokens',
  'weightedmean',
  'lasttoken',
] as const;
export type PoolingMode = (typeof poolingModes)[number];

/** How a model makes one vector of its tokens' states. */
export interface Pooling {
  /** What they make is concatenated in this order. */
  readonly modes: readonly PoolingMode[];
  /** Whether a prompt's tokens are pooled too. */
  readonly includePrompt: boolean;
}

/** What sentence-transformers does with a model that says nothing. */
export const meanPooling: Pooling = { modes: ['mean'], includePrompt: true };

/** Fields of configurations before sentence-transformers 5.4, in the order in which their parts are concatenated. */
const legacyFields: readonly (readonly [string, PoolingMode])[] = [
  ['pooling_mode_cls_token', 'cls'],
  ['pooling_mode_max_tokens', 'max'],
  ['pooling_mode_mean_tokens', 'mean'],
  ['pooling_mode_mean_sqrt_len_tokens', 'mean_sqrt_len_tokens'],
  ['pooling_mode_weightedmean_tokens', 'weightedmean'],
  ['pooling_mode_lasttoken', 'lasttoken'],
];

const schema = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  include_prompt: z.boolean().default(true),
});

/**
 * Reads a `Pooling` module's configuration.
 * @param folder `1_Pooling` as a rule
 * @throws UserError for a pooling that the lab does not have
 */
export async function readPooling(files: ModelFiles, folder: string, signal?: AbortSignal): Promise<Pooling> {
  const path = `${folder}/config.json`;
  const config = await readJson(files, path, schema, 'the configuration of a pooling module', signal);
  const legacy = legacyFields.filter(([field]) => config[field] === true).map(([, mode]) => mode);
  const named = config.pooling_mode ?? (legacy.length > 0 ? legacy : ['mean']);
  const modes = (typeof named === 'string' ? [named] : named).map((name) => {
    const mode = poolingModes.find((one) => one === name);
    if (!mode) {
      throw new UserError(`is "${name}"; the lab pools by ${poolingModes.join(', ')}.`, {
        file: `${files.source}/${path}`,
        field: 'pooling_mode',
      });
    }
    return mode;
  });
  return { modes, includePrompt: config.include_prompt };
}

/** Whether a mode is a sum of states, each times a weight that does not depend on it. */
export function isLinear(mode: PoolingMode): boolean {
  return mode !== 'max';
}

/**
 * Weights that make a sum of states what a linear mode gives.
 * @param mask [rows, tokens], above zero where a token is pooled
 * @returns [rows, tokens]
 */
export function weightsOf(
  mode: PoolingMode,
  mask: ArrayLike<number>,
  rows: number,
  tokens: number,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(rows * tokens);
  for (let row = 0; row < rows; row++) {
    const pooled: number[] = [];
    for (let t = 0; t < tokens; t++) if (mask[row * tokens + t]! > 0) pooled.push(t);
    const put = (t: number | undefined, weight: number): void => {
      if (t !== undefined) weights[row * tokens + t] = weight;
    };
    switch (mode) {
      case 'cls':
        put(pooled[0], 1);
        break;
      case 'lasttoken':
        put(pooled.at(-1), 1);
        break;
      case 'mean':
        for (const t of pooled) put(t, 1 / pooled.length);
        break;
      case 'mean_sqrt_len_tokens':
        for (const t of pooled) put(t, 1 / Math.sqrt(pooled.length));
        break;
      case 'weightedmean': {
        const sum = pooled.reduce((total, t) => total + t + 1, 0);
        for (const t of pooled) put(t, (t + 1) / sum);
        break;
      }
      case 'max':
        throw new RangeError('The maximum is no weighted sum.');
    }
  }
  return weights;
}

/**
 * Pools the states of one layer.
 * @param states [rows, tokens, size]
 * @param mask as of {@link weightsOf}
 * @returns [rows, modes.length, size], which is the concatenation
 */
export function poolStates(
  { modes }: Pooling,
  states: Float32Array,
  mask: ArrayLike<number>,
  rows: number,
  tokens: number,
): Float32Array<ArrayBuffer> {
  const size = states.length / rows / tokens;
  const out = new Float32Array(rows * modes.length * size);
  for (const [m, mode] of modes.entries()) {
    const weights = isLinear(mode) ? weightsOf(mode, mask, rows, tokens) : null;
    for (let row = 0; row < rows; row++) {
      const to = out.subarray((row * modes.length + m) * size, (row * modes.length + m + 1) * size);
      if (!weights) to.fill(Number.NEGATIVE_INFINITY);
      for (let t = 0; t < tokens; t++) {
        const at = row * tokens + t;
        if (!(mask[at]! > 0)) continue;
        const weight = weights?.[at] ?? 0;
        for (let i = 0; i < size; i++) {
          const value = states[at * size + i]!;
          to[i] = weights ? to[i]! + weight * value : Math.max(to[i]!, value);
        }
      }
    }
  }
  return out;
}
