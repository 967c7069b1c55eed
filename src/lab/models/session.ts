import type { InferenceSession } from 'onnxruntime-web';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import { Cancelled, Problem, sentenceOf } from '../problem.ts';
import type { Spec } from '../spec/spec.ts';
import { type ModelConfig, readModelConfig } from './config.ts';
import { feeds } from './feeds.ts';
import { findHiddenStates } from './onnx/layers.ts';
import { appendPooling, cutWithPooling, pooledOutput } from './onnx/patch.ts';
import { type ScannedModel, scanModel } from './onnx/scan.ts';
import { chooseOnnxFile } from './onnxFile.ts';
import { loadRuntime, type Runtime, threadCount } from './runtime.ts';
import type { Backend, LayerSession, ModelFiles, ModelKind, SessionInfo, TokenBatch } from './types.ts';

export interface SessionOptions {
  readonly files: ModelFiles;
  readonly kind: ModelKind;
  readonly dtype: Spec['models']['ce']['dtype'];
  readonly backend: Spec['backend'];
  readonly adapter: AdapterProbe;
  readonly signal?: AbortSignal;
  readonly onDownload?: (file: string, loaded: number, total: number | null) => void;
}

/** The backend that runs a model, and one sentence why. @throws Problem when WebGPU is asked for and absent. */
export function chooseBackend(
  choice: Spec['backend'],
  adapter: AdapterProbe,
): { backend: Backend; why: string } {
  if (choice === 'wasm') return { backend: 'wasm', why: 'chosen' };
  if (choice === 'webgpu') {
    if (adapter.kind === 'none') {
      throw new Problem(`is webgpu, but ${adapter.description}; choose auto or wasm.`, { field: 'backend' });
    }
    return { backend: 'webgpu', why: `chosen, on ${adapter.description}` };
  }
  switch (adapter.kind) {
    case 'real':
      return { backend: 'webgpu', why: `on ${adapter.description}` };
    case 'software':
      return {
        backend: 'wasm',
        why: `${adapter.description} is a software adapter, on which WebGPU is slower than WebAssembly`,
      };
    case 'none':
      return { backend: 'wasm', why: adapter.description };
  }
}

interface Read {
  readonly config: ModelConfig;
  readonly file: string;
  readonly model: ScannedModel;
  readonly sha256: string;
}

async function readModel(options: SessionOptions): Promise<Read> {
  const { files, signal } = options;
  const config = await readModelConfig(files, signal);
  const path = await chooseOnnxFile(files, options.dtype);
  const file = `${files.source}/${path}`;
  const bytes = await files.bytes(path, {
    signal,
    onProgress: (loaded, total) => options.onDownload?.(file, loaded, total ?? null),
  });
  if (signal?.aborted) throw new Cancelled();
  const model = scanModel(bytes, file);
  if (model.initializers.some(({ external }) => external)) {
    throw new Problem(
      'keeps its weights in a second file, which the lab does not read; choose another dtype.',
      {
        file,
      },
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { config, file: path, model, sha256 };
}

async function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  backend: Backend,
  file: string,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: [backend],
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new Problem(`could not be loaded by the runtime: ${sentenceOf(error)}`, { file });
  }
}

function infoOf(
  options: SessionOptions,
  read: Read,
  run: ScannedModel,
  { backend, why }: { readonly backend: Backend; readonly why: string },
): SessionInfo {
  return {
    source: options.files.source,
    sha256: read.sha256,
    file: read.file,
    kind: options.kind,
    architecture: read.config.architecture,
    layers: read.config.layers,
    hiddenSize: read.config.hiddenSize,
    maxTokens: read.config.maxTokens,
    padTokenId: read.config.padTokenId,
    labels: read.config.labels,
    bytes: read.model.bytes.length,
    parameters: run.initializers.reduce((sum, { weights }) => sum + weights, 0),
    backend,
    why,
    threads: backend === 'wasm' ? threadCount() : 1,
  };
}

/**
 * Opens a model so that the pooled vectors of every asked layer come out of one run.
 * @param layers ascending layer indices, null for all; where the last layers are not asked for, the
 * graph is cut before them
 * @throws Problem for a model that is missing, is none, or whose layers cannot be found
 */
export async function openLayerSession(
  options: SessionOptions,
  layers: readonly number[] | null,
): Promise<LayerSession> {
  const chosen = chooseBackend(options.backend, options.adapter);
  const read = await readModel(options);
  const file = `${options.files.source}/${read.file}`;
  const states = findHiddenStates(read.model, file);
  if (states.length !== read.config.layers + 1) {
    throw new Problem(
      `has ${states.length - 1} layers, but its config.json says ${read.config.layers}; use files that belong together.`,
      { file },
    );
  }
  const asked = layers ?? states.map((_, layer) => layer);
  const beyond = asked.find((layer) => layer >= states.length);
  if (beyond !== undefined) {
    throw new Problem(
      `asks for layer ${beyond}, but ${options.files.source} has layers 0 to ${states.length - 1}.`,
      {
        field: 'layerwise.layers',
      },
    );
  }
  const wanted = asked.map((layer) => states[layer]!);
  const whole = asked.includes(states.length - 1);
  const patched = (whole ? appendPooling : cutWithPooling)(read.model, wanted, read.config.hiddenSize);
  const runtime = await loadRuntime(chosen.backend);
  const session = await createSession(runtime, patched, chosen.backend, file);
  return {
    info: infoOf(options, read, scanModel(patched, file), chosen),
    layers: asked,
    async pooled(batch) {
      const { [pooledOutput]: output } = await session.run(feeds(runtime, session, batch), [pooledOutput]);
      if (!(output?.data instanceof Float32Array)) throw new Error('The runtime gave no pooled vectors.');
      return output.data as Float32Array<ArrayBuffer>;
    },
    dispose: () => session.release(),
  };
}

/** The model as it is in its file. */
export interface PlainSession {
  readonly info: SessionInfo;
  readonly outputs: readonly string[];
  run(
    batch: TokenBatch,
  ): Promise<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
  dispose(): Promise<void>;
}

/** Opens a model unpatched: for a CE's logits, and as the other side of measurements. */
export async function openPlainSession(options: SessionOptions): Promise<PlainSession> {
  const chosen = chooseBackend(options.backend, options.adapter);
  const read = await readModel(options);
  const runtime = await loadRuntime(chosen.backend);
  const session = await createSession(
    runtime,
    read.model.bytes,
    chosen.backend,
    `${options.files.source}/${read.file}`,
  );
  return {
    info: infoOf(options, read, read.model, chosen),
    outputs: session.outputNames,
    async run(batch) {
      const outputs = await session.run(feeds(runtime, session, batch));
      const given: Record<string, { data: Float32Array; dims: readonly number[] }> = {};
      for (const [name, tensor] of Object.entries(outputs)) {
        if (tensor.data instanceof Float32Array) given[name] = { data: tensor.data, dims: tensor.dims };
      }
      return given;
    },
    dispose: () => session.release(),
  };
}
