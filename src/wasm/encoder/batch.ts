import type { EncoderShape } from '../../base/bertShape.ts';
import type { Kernels } from '../kernels.ts';
import { Region } from '../region.ts';

/** Texts without padding, one after another; N tokens altogether. */
export interface Texts {
  /** Tokens of each text. */
  readonly lengths: Int32Array;
  /** (N, 3): of each token its word, position and kind. */
  readonly ids: Int32Array;
  /** (N): what a token counts in its text's mean. */
  readonly weights: Float32Array;
}

/** Texts [first, last) that one thread takes at a time. */
export interface Task {
  readonly first: number;
  readonly last: number;
}

/** Where a thread works on a task, in bytes; M tokens at most. */
export interface Scratch {
  /** (M, hidden) */
  readonly states: number;
  /** (M, 3 hidden) */
  readonly qkv: number;
  /** (M, hidden) */
  readonly mixed: number;
  /** (M, hidden) */
  readonly middle: number;
  /** (M, intermediate) */
  readonly up: number;
  /** The left side of a product. */
  readonly packed: number;
  readonly attention: number;
}

/** A batch as threads are told of it: its texts, where they lie, and what is to be done. */
export interface Batch {
  readonly lengths: Int32Array;
  /** Of each text its first token. */
  readonly starts: Int32Array;
  readonly tasks: readonly Task[];
  readonly ids: number;
  readonly weights: number;
  /** (texts, layers, hidden) */
  readonly pooled: number;
  /** One a thread. */
  readonly scratch: readonly Scratch[];
  /** The first byte behind. */
  readonly end: number;
}

/** Tokens of a task: products of fewer read each weight too often, more leave the second cache. */
const taskTokens = 256;
/** Tasks a thread, so that one that is held up leaves work to the others. */
const tasksPerThread = 3;

/** Texts in their order, cut into tasks of about equal length. */
export function planTasks(lengths: Int32Array, threads: number): Task[] {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const most = Math.min(taskTokens, Math.ceil(total / (threads * tasksPerThread)));
  const tasks: Task[] = [];
  for (let first = 0, last = 0; last < lengths.length; first = last) {
    let tokens = lengths[last++]!;
    while (last < lengths.length && tokens + lengths[last]! <= most) tokens += lengths[last++]!;
    tasks.push({ first, last });
  }
  return tasks;
}

/** Lays a batch out behind the weights. @param start in bytes. @param layers that are asked for */
export function placeBatch(
  kernels: Pick<Kernels, 'attentionScratch'>,
  shape: EncoderShape,
  { lengths }: Texts,
  { start, threads, layers }: { readonly start: number; readonly threads: number; readonly layers: number },
): Batch {
  const { hidden, intermediate, heads } = shape;
  const starts = new Int32Array(lengths.length + 1);
  for (const [text, length] of lengths.entries()) starts[text + 1] = starts[text]! + length;
  const tasks = planTasks(lengths, threads);
  const most = tasks.reduce((tokens, { first, last }) => Math.max(tokens, starts[last]! - starts[first]!), 0);
  const longest = lengths.reduce((tokens, length) => Math.max(tokens, length), 0);
  const rows = Math.ceil(most / 6) * 6;
  const region = new Region(start);
  return {
    lengths,
    starts,
    tasks,
    ids: region.take(3 * starts.at(-1)!),
    weights: region.take(starts.at(-1)!),
    pooled: region.take(lengths.length * layers * hidden),
    scratch: Array.from({ length: threads }, () => ({
      states: region.take(rows * hidden),
      qkv: region.take(rows * 3 * hidden),
      mixed: region.take(rows * hidden),
      middle: region.take(rows * hidden),
      up: region.take(rows * intermediate),
      packed: region.take(rows * Math.max(hidden, intermediate)),
      attention: region.take(kernels.attentionScratch(longest, hidden / heads) / 4),
    })),
    end: region.end,
  };
}
