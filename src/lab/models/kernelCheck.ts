import { isOutOfMemory } from '../../base/memory.ts';
import { isCancelled, sentenceOf } from '../../base/userError.ts';
import { checkBatch, compareVectors } from './compareVectors.ts';
import { type OwnEncoder, openKernelSession, ownEncoderOf } from './kernelSession.ts';
import type { OpenGraph } from './openedGraph.ts';
import type { ReadModel, SessionOptions } from './readModel.ts';
import { readTokenizer } from './tokenise.ts';
import type { KernelCheck, LayerSession, TokenBatch } from './types.ts';

/** Part of a vector's length by which float32 sums in another order may move it; what is wrong is far beyond. */
const tolerance = 1e-4;

/** Opens every layer of the model in onnxruntime. */
type OpenInRuntime = (open?: OpenGraph) => Promise<LayerSession>;

/** What runs a model on WebAssembly: the lab's own kernels where there is an encoder; and why. */
export interface ChosenKernels {
  readonly encoder: OwnEncoder | null;
  readonly sentence: string;
}

/**
 * Decides whether the lab's own kernels run a model on WebAssembly. Before its first use they are checked against
 * onnxruntime, once for these weights in this browser, at every layer.
 * @returns null where they cannot be asked: on a GPU, without a browser, for an encoder that is not BERT's
 */
export async function chooseKernels(
  options: SessionOptions,
  read: ReadModel,
  openInRuntime: OpenInRuntime,
): Promise<ChosenKernels | null> {
  const { ownKernels, files } = options;
  if (!ownKernels || read.chosen.backend !== 'wasm') return null;
  const encoder = await ownEncoderOf(files, read);
  if (!encoder) return null;
  const key = { model: read.sha256, adapter: `own kernels, ${options.kind}` };
  let check = await ownKernels.checks.read(key);
  if (!check) {
    check = await checkKernels(options, read, encoder, () => openInRuntime(ownKernels.open));
    await ownKernels.checks.write(key, check);
  }
  return { encoder: check.agrees ? encoder : null, sentence: check.sentence };
}

async function checkKernels(
  options: SessionOptions,
  read: ReadModel,
  encoder: OwnEncoder,
  openInRuntime: OpenInRuntime,
): Promise<KernelCheck> {
  const tokenizer = await readTokenizer(options.files, options.signal);
  // One after the other, so that the weights are never held by both.
  const runtime = await openInRuntime();
  let batch: TokenBatch;
  let expected: Float32Array;
  try {
    batch = checkBatch(tokenizer, runtime.info, options.kind === 'ce');
    expected = await runtime.pooled(batch);
  } finally {
    await runtime.dispose();
  }
  const given = await vectorsOf(() => openKernelSession(options, read, encoder, runtime.layers), batch);
  const { problem, difference } =
    typeof given === 'string'
      ? { problem: given, difference: null }
      : compareVectors(runtime, expected, given, { than: 'onnxruntime', tolerance });
  return {
    agrees: problem === null,
    difference,
    sentence:
      problem === null
        ? `by the lab's own encoder, which gives what onnxruntime gives, to ${(difference ?? 0).toExponential(0)} at every layer`
        : `by onnxruntime, since the lab's own encoder ${problem}`,
  };
}

/** The kernels' vectors; where they fail, how, as the end of a sentence. */
async function vectorsOf(
  open: () => Promise<LayerSession>,
  batch: TokenBatch,
): Promise<Float32Array | string> {
  try {
    const session = await open();
    try {
      return await session.pooled(batch);
    } finally {
      await session.dispose();
    }
  } catch (error) {
    if (isCancelled(error) || isOutOfMemory(error)) throw error;
    return `fails (${sentenceOf(error).replace(/\.$/, '')})`;
  }
}
