import { UserError } from '../../base/userError.ts';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import type { Spec } from '../spec/spec.ts';
import type { ModelDevice } from './modelFile.ts';
import { mostWeights, processorBackend, runtimeHost } from './runtime.ts';
import type { Backend } from './types.ts';

/** What is asked for: by whoever started the lab, else by the spec. */
export function askedBackend({ backend }: Pick<Spec, 'backend'>): Spec['backend'] | Backend {
  return runtimeHost()?.provider ?? backend;
}

/** The backend that runs a model, and one sentence why. @throws UserError when WebGPU is asked for and absent. */
export function chooseBackend(
  choice: Spec['backend'] | Backend,
  adapter: AdapterProbe,
): { backend: Backend; why: string } {
  const processor = processorBackend();
  if (choice === 'wasm' || choice === 'cpu') return { backend: processor, why: 'chosen' };
  if (choice === 'cuda') return { backend: choice, why: 'chosen' };
  if (choice === 'webgpu') {
    if (adapter.kind === 'none') {
      throw new UserError(`is webgpu, but ${adapter.description}; choose auto or wasm.`, {
        field: 'backend',
      });
    }
    return { backend: 'webgpu', why: `chosen, on ${adapter.description}` };
  }
  const host = runtimeHost();
  if (host?.accelerator === 'cuda') return { backend: 'cuda', why: 'the runtime has CUDA' };
  if (host && host.accelerator !== 'webgpu') {
    return { backend: processor, why: 'this runtime has nothing but the processor' };
  }
  switch (adapter.kind) {
    case 'real':
      return { backend: 'webgpu', why: `on ${adapter.description}` };
    case 'software':
      return {
        backend: processor,
        why: `${adapter.description} is a software adapter, on which WebGPU is slower than ${processorNames[processor]}`,
      };
    case 'none':
      return { backend: processor, why: adapter.description };
  }
}

/** What a model has to fit, that runs on a backend. */
export function deviceOf(backend: Backend, adapter: AdapterProbe): ModelDevice {
  const float16 =
    backend === 'cuda' || (adapter.kind !== 'none' && adapter.adapter.features.has('shader-f16'));
  return { backend, float16, most: mostWeights() };
}

export interface ChosenBackend {
  readonly backend: Backend;
  readonly why: string;
}

/** The processor's backends in sentences. */
export const processorNames = { wasm: 'WebAssembly', cpu: 'the processor' } as const;

/** What computes in float16. */
const halves: ReadonlySet<string> = new Set(['fp16', 'q4f16']);

/** As {@link chooseBackend}; float16 goes to the processor where the adapter cannot compute in it. */
export function backendFor({
  backend,
  adapter,
  dtype,
}: {
  readonly backend: Spec['backend'] | Backend;
  readonly adapter: AdapterProbe;
  readonly dtype: Spec['models']['ce']['dtype'];
}): ChosenBackend {
  const chosen = chooseBackend(backend, adapter);
  if (!halves.has(dtype) || chosen.backend !== 'webgpu' || deviceOf('webgpu', adapter).float16) return chosen;
  if (backend === 'webgpu') {
    throw new UserError(
      `is ${dtype}, but ${adapter.description} does not compute in float16; choose auto, fp32 or q8.`,
      {
        field: 'dtype',
      },
    );
  }
  return { backend: processorBackend(), why: `${adapter.description} does not compute in float16` };
}
