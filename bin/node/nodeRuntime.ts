import { availableParallelism, totalmem } from 'node:os';
import type { Runtime, RuntimeHost } from '../../src/lab/models/runtime.ts';

/** Models by onnxruntime-node: on the processor, or on WebGPU where a spec asks for it. */
export async function nodeRuntime(): Promise<RuntimeHost> {
  const runtime = await import('onnxruntime-node');
  const threads = availableParallelism();
  return {
    name: 'node',
    processor: 'cpu',
    versions: { node: process.versions.node, 'onnxruntime-node': runtime.env.versions.node ?? '' },
    threadCount: () => threads,
    // A model is in memory up to three times while it is opened.
    mostWeights: () => totalmem() / 3,
    load: async (backend) => {
      const create = (bytes: Uint8Array, options: object): Promise<unknown> =>
        runtime.InferenceSession.create(bytes, {
          ...options,
          executionProviders: [backend === 'webgpu' ? 'webgpu' : 'cpu'],
          intraOpNumThreads: threads,
        });
      // Both packages are made of one interface, of which each brings its own copy.
      return { env: runtime.env, InferenceSession: { create }, Tensor: runtime.Tensor } as unknown as Runtime;
    },
  };
}
