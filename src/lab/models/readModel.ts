import { sha256 } from '../../base/sha256.ts';
import { Cancelled, UserError } from '../../base/userError.ts';
import type { AdapterProbe } from '../../gpu/adapter.ts';
import type { Spec } from '../spec/spec.ts';
import { backendFor, type ChosenBackend, deviceOf } from './backend.ts';
import { safetensorsFiles } from './bert/safetensorsFiles.ts';
import { buildGraph } from './build/buildGraph.ts';
import type { CheckMemory } from './checkMemory.ts';
import { type ModelConfig, readModelConfig } from './config.ts';
import { readExternal } from './external.ts';
import { fileOf, type GraphFile } from './graphFile.ts';
import { refuseTooLarge, withRoom } from './largestModel.ts';
import { chooseModelFile, type ModelChoice } from './modelFile.ts';
import { fixedShape, modelInputs } from './modelInputs.ts';
import { scanInlined } from './onnx/inline.ts';
import { type EncoderLayers, findLayers } from './onnx/layers.ts';
import type { ScannedModel } from './onnx/scan.ts';
import type { OpenGraph } from './openedGraph.ts';
import { threadCount } from './runtime.ts';
import {
  type Backend,
  type BackendCheck,
  isAccelerator,
  type KernelCheck,
  type ModelFiles,
  type ModelKind,
  type SessionInfo,
} from './types.ts';

/** What the lab's own kernels are held against onnxruntime with. */
export interface OwnKernels {
  readonly checks: CheckMemory<KernelCheck>;
  /** Where onnxruntime runs for that, here without; its memory is given back only with what it runs in. */
  readonly open?: OpenGraph;
}

export interface SessionOptions {
  readonly files: ModelFiles;
  readonly kind: ModelKind;
  readonly dtype: Spec['models']['ce']['dtype'];
  readonly backend: Spec['backend'] | Backend;
  readonly adapter: AdapterProbe;
  /** What a check of the backends came to, where there was one. */
  readonly check?: BackendCheck;
  /** Where the lab's own kernels may run it on WebAssembly; without, onnxruntime does. */
  readonly ownKernels?: OwnKernels;
  /** False where a lost device is to be told, and not to be made up for. */
  readonly lasting?: boolean;
  readonly signal?: AbortSignal;
  readonly onDownload?: (file: string, loaded: number, total: number | null) => void;
}

export interface ReadModel extends GraphFile {
  readonly config: ModelConfig;
  readonly choice: ModelChoice;
  readonly model: ScannedModel;
  readonly sha256: string;
}

/** A model that was read, without the weights. */
export type KnownModel = Omit<ReadModel, 'model' | 'external'>;

/** A model with its weights in memory, and where it will run. @throws UserError naming the file that is missing or none */
export async function readModel(options: SessionOptions): Promise<ReadModel> {
  const chosen = backendFor(options);
  const config = await readModelConfig(options.files, options.signal);
  const device = deviceOf(chosen.backend, options.adapter);
  const choice = await chooseModelFile(options.files, options.dtype, device);
  return await withRoom(options.files, () => readChosen(options, chosen, config, choice));
}

/** The same file of a model once more, to run on a backend. @throws UserError where it has changed since */
export async function readAgain(
  options: SessionOptions,
  { config, choice, sha256: before }: KnownModel,
  chosen: ChosenBackend,
): Promise<ReadModel> {
  // What the first opening was told and could be ended by is over.
  const { signal: _ended, onDownload: _told, ...same } = options;
  const read = await withRoom(options.files, () => readChosen(same, chosen, config, choice));
  if (read.sha256 === before) return read;
  throw new UserError('has changed since it was opened; start again.', { file: fileOf(read) });
}

async function readChosen(
  options: SessionOptions,
  { backend, why }: ChosenBackend,
  config: ModelConfig,
  choice: ModelChoice,
): Promise<ReadModel> {
  const { files, signal } = options;
  const file = `${files.source}/${choice.path}`;
  const onFile = (name: string, loaded: number, total: number | undefined): void =>
    options.onDownload?.(name, loaded, total ?? null);
  const paths = choice.build ? await safetensorsFiles(files, signal) : [choice.path];
  const graph = await Promise.all(paths.map((path) => files.size?.(path) ?? null));
  await refuseTooLarge(files, choice.path, {
    graph: graph.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  });
  const read = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const path of paths) {
    const onProgress = (loaded: number, total: number | undefined): void =>
      onFile(`${files.source}/${path}`, loaded, total);
    read.set(path, await files.bytes(path, { signal, onProgress }));
    if (signal?.aborted) throw new Cancelled();
  }
  const bytes = choice.build
    ? await buildGraph(inMemory(files, read), config, signal)
    : read.get(choice.path)!;
  const model = scanInlined(bytes, file);
  const inputs = modelInputs(model, config, file);
  const external = await readExternal(model, files, choice.path, { signal, onFile });
  return {
    source: files.source,
    config,
    choice,
    file: choice.path,
    model,
    inputs,
    external,
    sha256: await digestOf([...read.values(), ...external.map(({ data }) => data)]),
    chosen: {
      backend,
      why: [
        options.check?.sentence ?? why,
        choice.why === null ? null : `from ${choice.path}, since ${choice.why}`,
        fixedShape(inputs),
      ]
        .filter((part) => part !== null)
        .join('; '),
    },
  };
}

/** The same model, without reading some of its files again. */
function inMemory(files: ModelFiles, read: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): ModelFiles {
  return {
    source: files.source,
    has: (path) => files.has(path),
    text: (path, signal) => files.text(path, signal),
    bytes: (path, options) => {
      const known = read.get(path);
      return known ? Promise.resolve(known.subarray(...(options?.range ?? []))) : files.bytes(path, options);
    },
  };
}

/** SHA-256 of a file, hex; of several, that of their hashes in order. */
async function digestOf(files: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const hashes: string[] = [];
  for (const bytes of files) {
    hashes.push(await sha256(bytes));
  }
  const [only = '', ...others] = hashes;
  return others.length === 0 ? only : await digestOf([new TextEncoder().encode(hashes.join('\n'))]);
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
    maxTokens: Math.min(read.config.maxTokens, read.inputs.tokens ?? read.config.maxTokens),
    padTokenId: read.config.padTokenId,
    labels: read.config.labels,
    bytes: read.external.reduce((sum, { data }) => sum + data.length, read.model.bytes.length),
    parameters: run.initializers.reduce((sum, { weights }) => sum + weights, 0),
    backend,
    why,
    ...(options.check ? { check: options.check } : {}),
    threads: isAccelerator(backend) ? 1 : threadCount(),
  };
}

/** @throws UserError as {@link findLayers}, and where config.json tells of another number of layers */
export function layersOf(read: ReadModel): EncoderLayers {
  const layers = findLayers(read.model, fileOf(read));
  const { length } = layers.attention;
  if (length !== read.config.layers) {
    throw new UserError(
      `has ${length} layers, but its config.json says ${read.config.layers}; use files that belong together.`,
      { file: fileOf(read) },
    );
  }
  return layers;
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
