import { padBatch } from './batch.ts';
import type { ModelConfig } from './config.ts';
import { selfPairEncoder, singleEncoder } from './tokenise.ts';
import type { TokenBatch } from './types.ts';

/** Read by both sides of a check: short and long, several scripts, nothing but a sign. */
export const checkTexts: readonly string[] = [
  'a',
  'How do foxes hunt in winter?',
  'In winter a fox listens for mice below the snow and jumps at them head first, often towards the north.',
  'The price rose from $1,299.00 to $1,350.50 (3.9 %) on 2024-02-29.',
  'Zürich, naïve café, São Paulo, Łódź',
  '東京は日本の首都です。',
  'for (let i = 0; i < n; i++) sum += x[i] * y[i];',
  '?',
];

/** Long enough for every text of the check. */
const checkLength = 64;

/** The texts as a model reads them. @param pairs whether they come paired with themselves as well */
export function checkBatch(
  tokenizer: Parameters<typeof singleEncoder>[0],
  { maxTokens, padTokenId }: Pick<ModelConfig, 'maxTokens' | 'padTokenId'>,
  pairs = false,
): TokenBatch {
  const length = Math.min(checkLength, maxTokens);
  const encoders = [singleEncoder(tokenizer, { rule: 'all' }, length, padTokenId)];
  if (pairs) encoders.push(selfPairEncoder(tokenizer, { segments: 'both', cls: true }, length, padTokenId));
  return padBatch(
    encoders.flatMap((encoder) => checkTexts.map((text) => encoder.encode(text))),
    padTokenId,
  );
}

export interface Comparison {
  /** What is wrong with the vectors given, as the end of a sentence; null where nothing is. */
  readonly problem: string | null;
  /** The largest distance between two vectors by the length of the expected one; null where nothing can be compared. */
  readonly difference: number | null;
}

/**
 * Holds vectors against others, both [rows, layers, hiddenSize].
 * @param than what gave the expected ones. @param tolerance by which they may differ
 */
export function compareVectors(
  { layers, hiddenSize }: { readonly layers: readonly number[]; readonly hiddenSize: number },
  expected: Float32Array,
  given: Float32Array,
  { than, tolerance }: { readonly than: string; readonly tolerance: number },
): Comparison {
  let largest = 0;
  if (given.length !== expected.length) return { problem: 'gives vectors of another size', difference: null };
  for (let at = 0; at < expected.length; at += hiddenSize) {
    const layer = layers[(at / hiddenSize) % layers.length];
    let [squares, own, distance] = [0, 0, 0];
    for (let i = at; i < at + hiddenSize; i++) {
      squares += expected[i]! ** 2;
      own += given[i]! ** 2;
      distance += (given[i]! - expected[i]!) ** 2;
    }
    if (!Number.isFinite(own)) {
      return { problem: `gives no numbers at layer ${layer}`, difference: null };
    }
    if (own === 0 && squares > 0) return { problem: `gives only zeros at layer ${layer}`, difference: 1 };
    const difference = Math.sqrt(distance / Math.max(squares, Number.MIN_VALUE));
    if (difference > tolerance) {
      return {
        problem: `differs from ${than} by ${percent(difference)} % at layer ${layer}`,
        difference,
      };
    }
    largest = Math.max(largest, difference);
  }
  return { problem: null, difference: largest };
}

/** Holds logits against others, both [rows, labels]; their difference is by the largest of all, or 1 where that is less. */
export function compareLogits(
  expected: Float32Array,
  given: Float32Array,
  { than, tolerance }: { readonly than: string; readonly tolerance: number },
): Comparison {
  if (given.length !== expected.length) return { problem: 'gives logits of another shape', difference: null };
  const largest = expected.reduce((most, logit) => Math.max(most, Math.abs(logit)), 1);
  let difference = 0;
  for (const [at, logit] of given.entries()) {
    if (!Number.isFinite(logit)) return { problem: 'gives logits that are no numbers', difference: null };
    difference = Math.max(difference, Math.abs(logit - expected[at]!) / largest);
  }
  if (difference <= tolerance) return { problem: null, difference };
  return { problem: `gives other logits than ${than}, by ${percent(difference)} %`, difference };
}

/** Of what is below one, its first digit. */
function percent(share: number): string {
  return share < 0.01 ? (100 * share).toPrecision(1) : (100 * share).toFixed(0);
}
