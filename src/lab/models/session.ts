import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { Cancelled, sentenceOf, UserError } from '../../base/userError.ts';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import { halfToFloat } from '../formats/half.ts';
import type { Spec } from '../spec/spec.ts';
import { buildGraph } from './bert/builtGraph.ts';
import { type ModelConfig, readModelConfig } from './config.ts';
import { type ExternalFile, readExternal } from './external.ts';
import { feeds } from './feeds.ts';
import { chooseModelFile, type ModelDevice } from './modelFile.ts';
import { findHiddenStates } from './onnx/layers.ts';
import { appendPooling, cutWithPooling, pooledOutput } from './onnx/patch.ts';
import { type ScannedModel, scanModel } from './onnx/scan.ts';
import { loadRuntime, mostWeights, type Runtime, threadCount } from './runtime.ts';
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

/** The backend that runs a model, and one sentence why. @throws UserError when WebGPU is asked for and absent. */
export function chooseBackend(
  choice: Spec['backend'],
  adapter: AdapterProbe,
): { backend: Backend; why: string } {
  if (choice === 'wasm') return { backend: 'wasm', why: 'chosen' };
  if (choice === 'webgpu') {
    if (adapter.kind === 'none') {
      throw new UserError(`is webgpu, but ${adapter.description}; choose auto or wasm.`, {
        field: 'backend',
      });
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

/** What a model has to fit, that runs on a backend. */
export function deviceOf(backend: Backend, adapter: AdapterProbe): ModelDevice {
  const float16 = adapter.kind !== 'none' && adapter.adapter.features.has('shader-f16');
  return { backend, float16, most: mostWeights() };
}

interface Chosen {
  readonly backend: Backend;
  readonly why: string;
}

/** As {@link chooseBackend}; float16 goes to the processor where the adapter cannot compute in it. */
function backendFor({ backend, adapter, dtype }: SessionOptions): Chosen {
  const chosen = chooseBackend(backend, adapter);
  if (dtype !== 'fp16' || chosen.backend === 'wasm' || deviceOf('webgpu', adapter).float16) return chosen;
  if (backend === 'webgpu') {
    throw new UserError(
      `is fp16, but ${adapter.description} does not compute in it; choose auto, fp32 or q8.`,
      {
        field: 'dtype',
      },
    );
  }
  return { backend: 'wasm', why: `${adapter.description} does not compute in float16` };
}

interface Read {
  readonly config: ModelConfig;
  readonly file: string;
  readonly model: ScannedModel;
  readonly external: readonly ExternalFile[];
  readonly sha256: string;
  readonly chosen: Chosen;
}

async function readModel(options: SessionOptions): Promise<Read> {
  const { files, signal, adapter } = options;
  const { backend, why } = backendFor(options);
  const config = await readModelConfig(files, signal);
  const choice = await chooseModelFile(files, options.dtype, deviceOf(backend, adapter));
  const file = `${files.source}/${choice.path}`;
  const onFile = (name: string, loaded: number, total: number | undefined): void =>
    options.onDownload?.(name, loaded, total ?? null);
  const read = await files.bytes(choice.path, {
    signal,
    onProgress: (loaded, total) => onFile(file, loaded, total),
  });
  if (signal?.aborted) throw new Cancelled();
  const bytes = choice.build ? await buildGraph(files, config, signal) : read;
  const model = scanModel(bytes, file);
  const external = await readExternal(model, files, choice.path, { signal, onFile });
  return {
    config,
    file: choice.path,
    model,
    external,
    sha256: await digestOf([read, ...external.map(({ data }) => data)]),
    chosen: { backend, why: choice.why === null ? why : `${why}; from ${choice.path}, since ${choice.why}` },
  };
}

/** SHA-256 of a file, hex; of several, that of their hashes in order. */
async function digestOf(files: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const hashes: string[] = [];
  for (const bytes of files) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    hashes.push(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  const [only = '', ...others] = hashes;
  return others.length === 0 ? only : await digestOf([new TextEncoder().encode(hashes.join('\n'))]);
}

async function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  { chosen: { backend }, external }: Read,
  file: string,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: [backend],
      externalData: external,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new UserError(`could not be loaded by the runtime: ${sentenceOf(error)}`, { file });
  }
}

function infoOf(options: SessionOptions, read: Read, run: ScannedModel): SessionInfo {
  const { backend, why } = read.chosen;
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
    bytes: read.external.reduce((sum, { data }) => sum + data.length, read.model.bytes.length),
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
 * @throws UserError for a model that is missing, is none, or whose layers cannot be found
 */
export async function openLayerSession(
  options: SessionOptions,
  layers: readonly number[] | null,
): Promise<LayerSession> {
  const read = await readModel(options);
  const file = `${options.files.source}/${read.file}`;
  const states = findHiddenStates(read.model, file);
  if (states.length !== read.config.layers + 1) {
    throw new UserError(
      `has ${states.length - 1} layers, but its config.json says ${read.config.layers}; use files that belong together.`,
      { file },
    );
  }
  const asked = layers ?? states.map((_, layer) => layer);
  const beyond = asked.find((layer) => layer >= states.length);
  if (beyond !== undefined) {
    throw new UserError(
      `asks for layer ${beyond}, but ${options.files.source} has layers 0 to ${states.length - 1}.`,
      {
        field: 'layerwise.layers',
      },
    );
  }
  const wanted = asked.map((layer) => states[layer]!);
  const whole = asked.includes(states.length - 1);
  const patched = (whole ? appendPooling : cutWithPooling)(read.model, wanted, read.config.hiddenSize);
  const runtime = await loadRuntime(read.chosen.backend);
  const session = await createSession(runtime, patched, read, file);
  return {
    info: infoOf(options, read, scanModel(patched, file)),
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
  const read = await readModel(options);
  const runtime = await loadRuntime(read.chosen.backend);
  const session = await createSession(
    runtime,
    read.model.bytes,
    read,
    `${options.files.source}/${read.file}`,
  );
  return {
    info: infoOf(options, read, read.model),
    outputs: session.outputNames,
    async run(batch) {
      const outputs = await session.run(feeds(runtime, session, batch));
      const given: Record<string, { data: Float32Array; dims: readonly number[] }> = {};
      for (const [name, tensor] of Object.entries(outputs)) {
        const data = floatsOf(tensor);
        if (data) given[name] = { data, dims: tensor.dims };
      }
      return given;
    },
    dispose: () => session.release(),
  };
}

/** An output's numbers; null for one that is neither float32 nor float16. */
function floatsOf({ type, data }: Tensor): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (type !== 'float16' || !ArrayBuffer.isView(data)) return null;
  // The runtime's view is of Float16Array where the browser has it, else of Uint16Array; the bits are the same.
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return Float32Array.from(bits, halfToFloat);
}
