import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { sentenceOf, UserError } from '../../src/base/userError.ts';
import type { Runtime, RuntimeHost } from '../../src/lab/models/runtime.ts';
import type { Backend } from '../../src/lab/models/types.ts';
import type { Provider } from '../provider.ts';
import { matrixProducts } from './matrixProducts.ts';

type OnnxRuntime = typeof import('onnxruntime-node');

/** Whether the library of a provider that comes by itself lies beside the runtime's own. */
function hasLibraryOf(provider: Provider): boolean {
  const runtime = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  const files = readdirSync(join(runtime, 'bin'), { recursive: true, encoding: 'utf8' });
  const here = join(process.platform, process.arch);
  return files.some((file) => file.includes(here) && file.includes(`providers_${provider}`));
}

/** What this installation of the runtime can run models on. */
function installed(runtime: OnnxRuntime): Set<Provider> {
  const built = new Set(runtime.listSupportedBackends().map(({ name }) => name));
  const found = new Set<Provider>(['cpu']);
  if (built.has('webgpu')) found.add('webgpu');
  if (built.has('cuda') && hasLibraryOf('cuda')) found.add('cuda');
  return found;
}

const lacks: Readonly<Record<Exclude<Provider, 'cpu'>, string>> = {
  cuda: "onnxruntime-node has no CUDA library here; its own script fetches one (npm rebuild onnxruntime-node --ignore-scripts=false), for Linux with NVIDIA's driver",
  webgpu: 'onnxruntime-node was built without WebGPU for this machine',
};

/**
 * Models by onnxruntime-node.
 * @param provider what all of them run on; without one the self-check decides
 * @param threads of the processor
 * @throws UserError where that is not there
 */
export async function nodeRuntime(
  provider: Provider | null = null,
  threads: number = availableParallelism(),
): Promise<RuntimeHost> {
  const runtime = await import('onnxruntime-node');
  const there = installed(runtime);
  if (provider && provider !== 'cpu' && !there.has(provider)) {
    throw new UserError(`--provider ${provider} is not there: ${lacks[provider]}; take --provider cpu.`);
  }
  return {
    name: 'node',
    processor: 'cpu',
    accelerator: there.has('cuda') ? 'cuda' : there.has('webgpu') ? 'webgpu' : null,
    provider,
    versions: { node: process.versions.node, 'onnxruntime-node': runtime.env.versions.node ?? '' },
    threadCount: () => threads,
    // A model is in memory up to three times while it is opened.
    mostWeights: () => totalmem() / 3,
    products: matrixProducts(runtime, threads),
    load: async (backend) => {
      // Both packages are made of one interface, of which each brings its own copy.
      return {
        env: runtime.env,
        InferenceSession: { create: creator(runtime, backend, threads) },
        Tensor: runtime.Tensor,
      } as unknown as Runtime;
    },
  };
}

function creator(
  runtime: OnnxRuntime,
  backend: Backend,
  threads: number,
): (bytes: Uint8Array, options: object) => Promise<unknown> {
  return async (bytes, options) => {
    try {
      return await runtime.InferenceSession.create(bytes, {
        ...options,
        executionProviders: [backend],
        intraOpNumThreads: threads,
      });
    } catch (error) {
      // A model that the runtime does not take is told of by who opens it.
      if (backend === 'cpu') throw error;
      const [line] = sentenceOf(error).split('\n');
      throw new UserError(`The provider ${backend} does not run this model (${line}); take --provider cpu.`);
    }
  };
}
