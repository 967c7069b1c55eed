import { backendFor } from './backend.ts';
import type { CheckMemory } from './checkMemory.ts';
import { checkBatch } from './compareVectors.ts';
import { readModel, type SessionOptions } from './readModel.ts';
import { checkBackend } from './selfCheck.ts';
import { openLayerSession } from './session.ts';
import { readTokenizer } from './tokenise.ts';
import { type BackendCheck, isAccelerator } from './types.ts';

/**
 * Decides what a model runs on. Before its first use on a GPU, WebGPU, or CUDA, is checked against the processor, once
 * for these weights on this adapter; where it answers wrongly, and where it is slower and the choice is free, the model
 * runs on the processor. WebGPU on no real adapter is not checked.
 * @returns the options with the backend decided, and the check beside it
 */
export async function settleBackend(
  options: SessionOptions,
  memory: CheckMemory<BackendCheck>,
  tools = { readModel, openLayerSession, readTokenizer },
): Promise<SessionOptions> {
  const { adapter, files, signal } = options;
  const { backend: chosen } = backendFor(options);
  if (!isAccelerator(chosen) || (chosen === 'webgpu' && adapter.kind !== 'real')) return options;
  const { sha256, config } = await tools.readModel({ ...options, backend: chosen });
  const device = chosen === 'cuda' ? 'this machine' : adapter.description;
  const key = { model: sha256, adapter: chosen === 'cuda' ? 'CUDA' : device };
  let check = await memory.read(key);
  if (!check) {
    const tokenizer = await tools.readTokenizer(files, signal);
    check = await checkBackend(
      (backend) => tools.openLayerSession({ ...options, backend, lasting: false }, null),
      () => checkBatch(tokenizer, config),
      { backend: chosen, device },
    );
    await memory.write(key, check);
  }
  // A backend that was asked for is left only where it answers wrongly.
  const backend = options.backend === 'auto' || !check.agrees ? check.backend : chosen;
  return { ...options, backend, check };
}
