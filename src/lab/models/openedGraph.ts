import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { isOutOfMemory } from '../../base/memory.ts';
import { isUserError, sentenceOf, UserError } from '../../base/userError.ts';
import { DeviceLost } from '../../gpu/deviceLost.ts';
import type { DeviceSession } from '../../gpu/deviceSession.ts';
import type { ExternalFile } from './external.ts';
import { feeds } from './feeds.ts';
import { fitBatch } from './fitBatch.ts';
import { floatsOf } from './floatsOf.ts';
import { fileOf, type GraphFile } from './graphFile.ts';
import { afterWork, modelDevice, onDevice } from './modelDevice.ts';
import { weightsApart } from './onnx/weightsApart.ts';
import { loadRuntime, type Runtime } from './runtime.ts';
import type { TokenBatch } from './types.ts';

/** An output of one run. */
export interface Output {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** What a run of a part of a batch gave: `rows` of its rows are asked for, each of `tokens` tokens. */
export interface Part {
  readonly outputs: ReadonlyMap<string, Output>;
  readonly rows: number;
  readonly tokens: number;
}

/** A graph in the runtime. */
export interface OpenedGraph {
  readonly outputNames: readonly string[];
  /** What it runs on, where that is a device of ours. */
  readonly device?: DeviceSession | null;
  /** @param names of outputs, null for all. @returns one part, or several of a graph that is fixed to fewer rows */
  run(batch: TokenBatch, names: readonly string[] | null): Promise<Part[]>;
  release(): Promise<void>;
}

/** As {@link openGraph}, which is where the call is made. */
export type OpenGraph = typeof openGraph;

/**
 * Opens a graph of a model, with or without additions.
 * @param pooled whether it takes pooling weights
 * @throws UserError, as does `run`, with the model's name where the runtime fails; DeviceLost where the device is lost
 */
export async function openGraph(
  read: GraphFile,
  bytes: Uint8Array<ArrayBuffer>,
  pooled: boolean,
): Promise<OpenedGraph> {
  const { session, device, runtime } = await createSession(read, bytes);
  const { backend } = read.chosen;
  const { inputs } = read;
  const file = fileOf(read);
  const onBackend = <T>(work: () => Promise<T>): Promise<T> =>
    backend === 'webgpu' ? onDevice(device, work) : work();
  // A graph that is cut behind its embedding layer has no attention, and takes no mask.
  const taken = { ...inputs, inputs: inputs.inputs.filter(({ name }) => session.inputNames.includes(name)) };
  return {
    outputNames: session.outputNames,
    device,
    async run(batch, names) {
      const parts: Part[] = [];
      for (const { batch: fitted, rows } of fitBatch(batch, inputs, file)) {
        const given = feeds(runtime, taken, fitted, pooled);
        const outputs = await onBackend(() => session.run(given, names ?? session.outputNames)).catch(
          (error: unknown) => {
            if (error instanceof DeviceLost) throw error;
            throw new UserError(
              `cannot be run on ${fitted.rows} texts of ${fitted.tokens} tokens: the runtime says "${firstSentence(sentenceOf(error))}"; try another dtype, or fewer tokens by maxLength.`,
              { file },
            );
          },
        );
        parts.push({ outputs: floats(outputs), rows, tokens: fitted.tokens });
      }
      return parts;
    },
    release: () => (backend === 'webgpu' ? afterWork(() => session.release()) : session.release()),
  };
}

/** A session of the runtime; apart from what runs it, which would hold the model's bytes as long as it lives. */
async function createSession(
  read: GraphFile,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ session: InferenceSession; device: DeviceSession | null; runtime: Runtime }> {
  const { backend } = read.chosen;
  const runtime = await loadRuntime(backend);
  const device = backend === 'webgpu' ? await modelDevice() : null;
  const { graph, external } = sessionFiles(bytes, read.external);
  const create = (): Promise<InferenceSession> =>
    runtime.InferenceSession.create(graph, {
      executionProviders: [device ? { name: 'webgpu', device: device.device } : backend],
      externalData: external,
      logSeverityLevel: 3,
    });
  try {
    const session = await (backend === 'webgpu' ? onDevice(device, create) : create());
    return { session, device, runtime };
  } catch (error) {
    if (error instanceof DeviceLost || isOutOfMemory(error) || isUserError(error)) throw error;
    throw new UserError(loadFailure(sentenceOf(error)), { file: fileOf(read) });
  }
}

/** Of a larger graph the runtime would hold the file, what it reads of it and the weights, which are three in 4 GB. */
const leastApart = 2 ** 28;

/**
 * What the runtime is given of a model: weights of a large graph lie apart, so that it holds them once.
 * @param least bytes from which on a graph is large
 */
export function sessionFiles(
  bytes: Uint8Array<ArrayBuffer>,
  external: readonly ExternalFile[],
  least = leastApart,
): { readonly graph: Uint8Array<ArrayBuffer>; readonly external: readonly ExternalFile[] } {
  if (bytes.length < least) return { graph: bytes, external };
  const path = 'layerlab-weights';
  return { graph: weightsApart(bytes, path), external: [...external, { path, data: bytes }] };
}

function floats(outputs: Readonly<Record<string, Tensor>>): Map<string, Output> {
  const given = new Map<string, Output>();
  for (const [name, tensor] of Object.entries(outputs)) {
    const data = floatsOf(tensor);
    if (data) given.set(name, { data, dims: tensor.dims });
  }
  return given;
}

/** The runtime tells of operators that it lacks, and of much else at length. */
function loadFailure(message: string): string {
  const missing = /(?:implementation for |No Op registered for |\bop(?:erator)? )(\w+)(?=\(| |$)/.exec(
    message,
  )?.[1];
  return missing
    ? `uses the operator ${missing}, which this runtime has not in that form; choose another dtype or export.`
    : `could not be loaded by the runtime ("${firstSentence(message)}"); choose another dtype or export.`;
}

function firstSentence(message: string): string {
  const [line = ''] = message.replace(/^.*?(?:error|ERROR)[^:]*: */, '').split('\n');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
