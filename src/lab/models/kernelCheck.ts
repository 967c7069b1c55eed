import { isOutOfMemory } from '../../base/memory.ts';
import { isCancelled, sentenceOf } from '../../base/userError.ts';
import { type Comparison, checkBatch } from './compareVectors.ts';
import type { OpenGraph } from './openedGraph.ts';
import type { ReadModel, SessionOptions } from './readModel.ts';
import { readTokenizer } from './tokenise.ts';
import type { KernelCheck, SessionInfo, TokenBatch } from './types.ts';

/** What one of the two makes of a batch. */
export interface Side {
  readonly info: SessionInfo;
  give(batch: TokenBatch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** What is checked: a model's layers or its logits, by both. */
export interface Candidate {
  readonly what: 'layers' | 'logits';
  openRuntime(open?: OpenGraph): Promise<Side>;
  openKernels(): Promise<Side>;
  compare(expected: Float32Array, given: Float32Array, than: string): Comparison;
}

/** What the difference is a part of. */
const extents = { layers: 'at every layer', logits: 'of the largest logit' } as const;

/** Whether the lab's own kernels may run a model at all: on a processor, in a browser. */
export function kernelsMayRun({ ownKernels }: SessionOptions, { chosen }: ReadModel): boolean {
  return ownKernels !== undefined && chosen.backend === 'wasm';
}

/**
 * Decides whether the lab's own kernels run a model on WebAssembly. Before its first use they are checked against
 * onnxruntime, once for these weights in this browser.
 */
export async function checkKernels(
  options: SessionOptions,
  read: ReadModel,
  candidate: Candidate,
): Promise<KernelCheck> {
  const { checks, open } = options.ownKernels!;
  const key = { model: read.sha256, adapter: `own kernels, ${candidate.what} of the ${options.kind}` };
  const known = await checks.read(key);
  if (known) return known;
  const tokenizer = await readTokenizer(options.files, options.signal);
  // One after the other, so that the weights are never held by both.
  const runtime = await candidate.openRuntime(open);
  let batch: TokenBatch;
  let expected: Float32Array;
  try {
    batch = checkBatch(tokenizer, runtime.info, options.kind === 'ce');
    expected = await runtime.give(batch);
  } finally {
    await runtime.dispose();
  }
  const given = await givenBy(candidate, batch);
  const { problem, difference } =
    typeof given === 'string'
      ? { problem: given, difference: null }
      : candidate.compare(expected, given, 'onnxruntime');
  const check = {
    agrees: problem === null,
    difference,
    sentence:
      problem === null
        ? `by the lab's own encoder, which gives what onnxruntime gives, to ${(difference ?? 0).toExponential(0)} ${extents[candidate.what]}`
        : `by onnxruntime, since the lab's own encoder ${problem}`,
  };
  await checks.write(key, check);
  return check;
}

/** What the kernels give; where they fail, how, as the end of a sentence. */
async function givenBy(candidate: Candidate, batch: TokenBatch): Promise<Float32Array | string> {
  try {
    const side = await candidate.openKernels();
    try {
      return await side.give(batch);
    } finally {
      await side.dispose();
    }
  } catch (error) {
    if (isCancelled(error) || isOutOfMemory(error)) throw error;
    return `fails (${sentenceOf(error).replace(/\.$/, '')})`;
  }
}
