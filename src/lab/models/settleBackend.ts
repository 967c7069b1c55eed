import { backendFor } from './backend.ts';
import { padBatch } from './batch.ts';
import { readModel, type SessionOptions } from './readModel.ts';
import { checkBackend, checkTexts } from './selfCheck.ts';
import { openLayerSession } from './session.ts';
import { readTokenizer, singleEncoder } from './tokenise.ts';
import type { BackendCheck } from './types.ts';

/** What is known of models on adapters. */
export interface CheckMemory {
  read(key: CheckKey): Promise<BackendCheck | null>;
  write(key: CheckKey, check: BackendCheck): Promise<void>;
}

export interface CheckKey {
  /** SHA-256 of the weights. */
  readonly model: string;
  readonly adapter: string;
}

/** Long enough for every text of the check. */
const checkLength = 64;

/**
 * Decides what a model runs on. Before its first use on a GPU, WebGPU is checked against WebAssembly, once for
 * these weights on this adapter; where it answers wrongly, and where it is slower and the choice is free, the model
 * runs on WebAssembly. Without a real adapter nothing is checked.
 * @returns the options with the backend decided, and the check beside it
 */
export async function settleBackend(
  options: SessionOptions,
  memory: CheckMemory,
  tools = { readModel, openLayerSession, readTokenizer },
): Promise<SessionOptions> {
  const { adapter, files, signal } = options;
  if (adapter.kind !== 'real' || backendFor(options).backend !== 'webgpu') return options;
  const { sha256, config } = await tools.readModel({ ...options, backend: 'webgpu' });
  const key = { model: sha256, adapter: adapter.description };
  let check = await memory.read(key);
  if (!check) {
    const tokenizer = await tools.readTokenizer(files, signal);
    const { maxTokens, padTokenId } = config;
    const encoder = singleEncoder(tokenizer, { rule: 'all' }, Math.min(checkLength, maxTokens), padTokenId);
    check = await checkBackend(
      (backend) => tools.openLayerSession({ ...options, backend }, null),
      () =>
        padBatch(
          checkTexts.map((text) => encoder.encode(text)),
          padTokenId,
        ),
      adapter.description,
    );
    await memory.write(key, check);
  }
  // A backend that was asked for is left only where it answers wrongly.
  const backend = options.backend === 'auto' || !check.agrees ? check.backend : 'webgpu';
  return { ...options, backend, check };
}
