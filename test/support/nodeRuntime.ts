import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/lab/models/types.ts';

/**
 * `src/lab/models/runtime.ts` for tests in Node: the same build of the runtime on one thread. A test says
 * `vi.mock('.../src/lab/models/runtime.ts', () => import('.../support/nodeRuntime.ts'))`.
 */
export async function loadRuntime(backend: Backend): Promise<typeof import('onnxruntime-web/wasm')> {
  if (backend !== 'wasm') throw new Error('Node has no WebGPU here.');
  const runtime = await import('onnxruntime-web/wasm');
  runtime.env.wasm.wasmPaths = fileURLToPath(
    import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
  ).replace(/[^/]+$/, '');
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  return runtime;
}

export const processorBackend = (): 'wasm' => 'wasm';
export const threadCount = (): number => 1;
export const mostWeights = (): number => 2 ** 31;
export const runtimeHost = (): null => null;
