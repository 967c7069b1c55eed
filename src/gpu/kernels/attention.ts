import type { Binding, Recorder } from '../recorder.ts';
import source from './attention.wgsl?raw';
import type { Kernel, KernelCache } from './kernel.ts';
import { type Dropout, dropoutParameters } from './matmul.ts';
import randomSource from './random.wgsl?raw';
import { rowUnits, type TextRows, threads } from './rows.ts';

/** Largest head whose own two vectors stay in registers beside its sums; common GPUs would spill more. */
const registerSize = 32;

export interface HeadLayout {
  readonly heads: number;
  /** Columns of one head. */
  readonly size: number;
  /** Multiply-adds that one dispatch may do; more are cut into several. */
  readonly workAtOnce?: number;
}

/** Products of a query, or its gradient, with a key or a value that the longest pass makes. */
const productsAPair = 5;

export interface Attended {
  /** Queries, keys and values side by side, [tokens, 3 heads size]. */
  readonly qkv: Binding;
  /** Log sum exp of each head's and token's scores, [heads, tokens]. */
  readonly lse: Binding;
  /** [tokens, heads size] */
  readonly out: Binding;
}

type Pass = 'forward' | 'queryGradient' | 'keyGradient';

function run(
  recorder: Recorder,
  kernels: KernelCache,
  pass: Pass,
  { heads, size, workAtOnce = Number.POSITIVE_INFINITY }: HeadLayout,
  texts: TextRows,
  operands: readonly Binding[],
  dropout: Dropout | null,
): void {
  const kernel: Kernel = kernels.get(
    'attention',
    `attention ${pass}`,
    (dropout ? randomSource : '') + source,
    {
      ...rowUnits(size).constants,
      quads: Math.ceil(size / 4),
      ownInRegisters: size <= registerSize,
      threads,
      forward: pass === 'forward',
      queryGradient: pass === 'queryGradient',
      keyGradient: pass === 'keyGradient',
      dropout: dropout !== null,
    },
  );
  recorder.run(
    kernel,
    [texts.tokens, texts.texts, ...operands],
    {
      tokens: texts.tokenCount,
      heads,
      size,
      hidden: heads * size,
      scale: 1 / Math.sqrt(size),
      ...dropoutParameters(dropout),
    },
    Math.ceil((texts.tokenCount * heads) / threads),
    1,
    Math.floor(workAtOnce / (threads * texts.longest * size * productsAPair)),
  );
}

/** Records multi-head attention of each text's tokens to one another. @see attention.wgsl */
export function attention(
  recorder: Recorder,
  kernels: KernelCache,
  layout: HeadLayout,
  texts: TextRows,
  { qkv, lse, out }: Attended,
  dropout: Dropout | null,
): void {
  run(recorder, kernels, 'forward', layout, texts, [qkv, lse, out], dropout);
}

/**
 * Records its backward pass, in which the probabilities are made again.
 * @param gradient at the output `dOut`, and where that at queries, keys and values goes; `delta` is
 *   scratch, [heads, tokens]
 */
export function attentionGradient(
  recorder: Recorder,
  kernels: KernelCache,
  layout: HeadLayout,
  texts: TextRows,
  { qkv, lse, out }: Attended,
  { dOut, dQkv, delta }: Readonly<Record<'dOut' | 'dQkv' | 'delta', Binding>>,
  dropout: Dropout | null,
): void {
  const operands = [qkv, lse, dOut, dQkv, delta];
  run(recorder, kernels, 'queryGradient', layout, texts, [...operands, out], dropout);
  run(recorder, kernels, 'keyGradient', layout, texts, operands, dropout);
}
