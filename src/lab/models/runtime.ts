import type { env, InferenceSession, Tensor } from 'onnxruntime-web';
import asyncifyModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import plainModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import plainBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { MatrixProducts } from '../../base/matrixProducts.ts';
import { sharesMemory } from '../../base/sharedMemory.ts';
import type { Accelerator, Backend } from './types.ts';

/** The part of the runtime that the lab calls. */
export interface Runtime {
  readonly env: typeof env;
  readonly InferenceSession: Pick<typeof InferenceSession, 'create'>;
  readonly Tensor: typeof Tensor;
}

/** What runs models where there is no browser. */
export interface RuntimeHost {
  readonly name: 'node';
  /** The backend of the processor. */
  readonly processor: Exclude<Backend, Accelerator>;
  /** What else is there, and is held against the processor where nothing is chosen; null for nothing. */
  readonly accelerator: Accelerator | null;
  /** What every model runs on, whatever a spec says; null where its own choice counts. */
  readonly provider: Backend | null;
  /** Versions of what runs, for reports. */
  readonly versions: Readonly<Record<string, string>>;
  load(backend: Backend): Promise<Runtime>;
  threadCount(): number;
  mostWeights(): number;
  /** Products of matrices on the processor. */
  readonly products?: MatrixProducts;
}

let host: RuntimeHost | null = null;

/** Takes the place of the browser's runtime, before the first model is opened. */
export function setRuntimeHost(given: RuntimeHost): void {
  host = given;
}

/** null in a browser. */
export function runtimeHost(): RuntimeHost | null {
  return host;
}

/** The backend of models that run on the processor. */
export function processorBackend(): RuntimeHost['processor'] {
  return host?.processor ?? 'wasm';
}

/** More threads than this gain nothing at these sizes. */
const mostThreads = 8;

/** Threads share memory, which not every page may. */
export function threadCount(): number {
  if (host) return host.threadCount();
  return sharesMemory() ? Math.min(mostThreads, navigator.hardwareConcurrency) : 1;
}

/**
 * Bytes of weights that this device is taken to hold: a model is in memory up to three times while it is
 * opened. Browsers tell of at most 8 GB, and some of none.
 */
export function mostWeights(): number {
  if (host) return host.mostWeights();
  const { deviceMemory = 8 } = navigator as Navigator & { readonly deviceMemory?: number };
  return (deviceMemory * 2 ** 30) / 3;
}

/**
 * One version of the runtime in two builds, of which a visit loads one: the build that can suspend for
 * WebGPU is 1.2 to 1.7 times slower on the processor (`npm run bench -- runtime`).
 * Its files are the page's own: without `wasmPaths` it would look beside its own script, which the
 * bundler has moved.
 */
export async function loadRuntime(backend: Backend): Promise<Runtime> {
  if (host) return await host.load(backend);
  const gpu = backend === 'webgpu';
  const runtime: Runtime = gpu
    ? await import('onnxruntime-web/webgpu')
    : await import('onnxruntime-web/wasm');
  const absolute = (url: string): string => new URL(url, import.meta.url).href;
  runtime.env.wasm.wasmPaths = gpu
    ? { mjs: absolute(asyncifyModule), wasm: absolute(asyncifyBinary) }
    : { mjs: absolute(plainModule), wasm: absolute(plainBinary) };
  runtime.env.wasm.numThreads = threadCount();
  runtime.env.logLevel = 'error';
  return runtime;
}
