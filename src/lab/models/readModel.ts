import type { InferenceSession } from 'onnxruntime-web';
import { Cancelled, sentenceOf, UserError } from '../../base/userError.ts';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import type { Spec } from '../spec/spec.ts';
import { backendFor, type ChosenBackend, deviceOf } from './backend.ts';
import { buildGraph } from './bert/builtGraph.ts';
import { type ModelConfig, readModelConfig } from './config.ts';
import { type ExternalFile, readExternal } from './external.ts';
import { chooseModelFile } from './modelFile.ts';
import { findHiddenStates } from './onnx/layers.ts';
import { type ScannedModel, scanModel } from './onnx/scan.ts';
import { type Runtime, threadCount } from './runtime.ts';
import type { ModelFiles, ModelKind, SessionInfo } from './types.ts';

export interface SessionOptions {
  readonly files: ModelFiles;
  readonly kind: ModelKind;
  readonly dtype: Spec['models']['ce']['dtype'];
  readonly backend: Spec['backend'];
  readonly adapter: AdapterProbe;
  readonly signal?: AbortSignal;
  readonly onDownload?: (file: string, loaded: number, total: number | null) => void;
}

export interface ReadModel {
  readonly source: string;
  readonly config: ModelConfig;
  readonly file: string;
  readonly model: ScannedModel;
  readonly external: readonly ExternalFile[];
  readonly sha256: string;
  readonly chosen: ChosenBackend;
}

/** A model with its weights in memory, and where it will run. @throws UserError naming the file that is missing or none */
export async function readModel(options: SessionOptions): Promise<ReadModel> {
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
    source: files.source,
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

export async function createSession(
  runtime: Runtime,
  bytes: Uint8Array,
  read: ReadModel,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      executionProviders: [read.chosen.backend],
      externalData: read.external,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new UserError(`could not be loaded by the runtime: ${sentenceOf(error)}`, { file: fileOf(read) });
  }
}

/** @param run the graph that is run */
export function infoOf(options: SessionOptions, read: ReadModel, run: ScannedModel): SessionInfo {
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

/** How messages name the file that was read. */
export function fileOf({ source, file }: ReadModel): string {
  return `${source}/${file}`;
}

/**
 * @returns L + 1 tensor names, as {@link findHiddenStates}
 * @throws UserError also where config.json tells of another number of layers
 */
export function statesOf(read: ReadModel): string[] {
  const states = findHiddenStates(read.model, fileOf(read));
  if (states.length !== read.config.layers + 1) {
    throw new UserError(
      `has ${states.length - 1} layers, but its config.json says ${read.config.layers}; use files that belong together.`,
      { file: fileOf(read) },
    );
  }
  return states;
}

/** @param layers ascending, null for all. @throws UserError for a layer that the model lacks */
export function askedLayers(
  read: ReadModel,
  states: readonly string[],
  layers: readonly number[] | null,
): readonly number[] {
  const asked = layers ?? states.map((_, layer) => layer);
  const beyond = asked.find((layer) => layer >= states.length);
  if (beyond !== undefined) {
    throw new UserError(
      `asks for layer ${beyond}, but ${read.source} has layers 0 to ${states.length - 1}.`,
      { field: 'layerwise.layers' },
    );
  }
  return asked;
}
