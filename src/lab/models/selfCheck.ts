import { isCancelled, sentenceOf } from '../../base/userError.ts';
import { processorNames } from './backend.ts';
import { compareVectors } from './compareVectors.ts';
import { processorBackend } from './runtime.ts';
import type { Accelerator, Backend, BackendCheck, LayerSession, TokenBatch } from './types.ts';

/** Runs that are timed; those before them compile and compare. */
const timedRuns = 3;

const names = { webgpu: 'WebGPU', cuda: 'CUDA' } as const;

/** What is held against the processor. */
interface Checked {
  readonly backend: Accelerator;
  /** In sentences. */
  readonly device: string;
}

/**
 * How far vectors may differ, by what the weights are: of float32 sums are taken in other orders, of float16 and
 * integers roundings fall otherwise. What is wrong is far beyond.
 */
function toleranceOf(file: string): number {
  if (/q4|bnb4|int8|quantized/.test(file)) return 0.2;
  return /fp16|float16/.test(file) ? 0.05 : 0.01;
}

/**
 * Runs a model on both backends, every layer of it, and compares what they give and how long they take.
 * @param open all layers of the model on a backend
 * @param now seconds, for tests to tell the time
 */
export async function checkBackend(
  open: (backend: Backend) => Promise<LayerSession>,
  batchFor: (session: LayerSession) => TokenBatch,
  checked: Checked,
  now: () => number = () => performance.now() / 1000,
): Promise<BackendCheck> {
  const processor = processorBackend();
  const name = processorNames[processor];
  const what = `${names[checked.backend]} on ${checked.device}`;
  const wasm = await open(processor);
  try {
    const batch = batchFor(wasm);
    const expected = await wasm.pooled(batch);
    let given: { problem: string | null; difference: number | null; seconds: number };
    try {
      given = await accelerated(await open(checked.backend), batch, expected, now);
    } catch (error) {
      if (isCancelled(error)) throw error;
      const words = sentenceOf(error).replace(/\.$/, '');
      return {
        backend: processor,
        agrees: false,
        difference: null,
        seconds: { webgpu: null, wasm: null },
        sentence: `${what} fails with this model (${words}), so it runs on ${name}`,
      };
    }
    const { problem, difference, seconds } = given;
    if (problem !== null) {
      return {
        backend: processor,
        agrees: false,
        difference,
        seconds: { webgpu: seconds, wasm: null },
        sentence: `${what} ${problem}, so the model runs on ${name}`,
      };
    }
    return proposed({ webgpu: seconds, wasm: await fastest(wasm, batch, now) }, difference ?? 0, checked);
  } finally {
    await wasm.dispose();
  }
}

async function accelerated(
  session: LayerSession,
  batch: TokenBatch,
  expected: Float32Array,
  now: () => number,
): Promise<{ problem: string | null; difference: number | null; seconds: number }> {
  try {
    const { layers, info } = session;
    const shape = { layers, hiddenSize: info.hiddenSize };
    const found = compareVectors(shape, expected, await session.pooled(batch), {
      than: processorNames[processorBackend()],
      tolerance: toleranceOf(info.file),
    });
    return { ...found, seconds: await fastest(session, batch, now) };
  } finally {
    await session.dispose();
  }
}

async function fastest(session: LayerSession, batch: TokenBatch, now: () => number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < timedRuns; run++) {
    const started = now();
    await session.pooled(batch);
    least = Math.min(least, now() - started);
  }
  return least;
}

function proposed(
  seconds: { readonly webgpu: number; readonly wasm: number },
  difference: number,
  checked: Checked,
): BackendCheck {
  const processor = processorBackend();
  const name = processorNames[processor];
  const own = names[checked.backend];
  const backend: Backend = seconds.webgpu <= seconds.wasm ? checked.backend : processor;
  const [fast, slow] = backend === checked.backend ? [own, name] : [name, own];
  const factor = Math.max(seconds.webgpu, seconds.wasm) / Math.min(seconds.webgpu, seconds.wasm);
  return {
    backend,
    agrees: true,
    difference,
    seconds,
    sentence: `${own} on ${checked.device} gives what ${name} gives, to ${difference.toExponential(0)} at every layer; on eight short texts ${fast} takes ${factor.toFixed(1)} times less than ${slow}`,
  };
}
