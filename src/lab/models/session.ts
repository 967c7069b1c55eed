import { fileOf } from './graphFile.ts';
import { chooseKernels } from './kernelCheck.ts';
import { openKernelSession } from './kernelSession.ts';
import { withRoom } from './largestModel.ts';
import { openLastingGraph } from './lastingGraph.ts';
import { appendOutputs, cutWithOutputs, pooledOutput } from './onnx/patch.ts';
import { scanModel } from './onnx/scan.ts';
import type { OpenGraph } from './openedGraph.ts';
import {
  askedLayers,
  infoOf,
  layersOf,
  type ReadModel,
  readModel,
  type SessionOptions,
} from './readModel.ts';
import { together } from './together.ts';
import type { LayerSession, SessionInfo, TokenBatch } from './types.ts';

/**
 * Opens a model so that the pooled vectors of every asked layer come out of one run.
 * @param layers ascending layer indices, null for all; where the last layers are not asked for, the
 * graph is cut before them
 * @param open where its graph is run, here without; it may take the graph's bytes
 * @throws UserError for a model that is missing, is none, or whose layers cannot be found
 */
export async function openLayerSession(
  options: SessionOptions,
  layers: readonly number[] | null,
  open?: OpenGraph,
): Promise<LayerSession> {
  return await withRoom(options.files, () => layerSession(options, layers, open));
}

async function layerSession(
  options: SessionOptions,
  layers: readonly number[] | null,
  open?: OpenGraph,
): Promise<LayerSession> {
  const read = await readModel(options);
  const asked = askedLayers(read, layersOf(read).states, layers);
  const own = await chooseKernels(options, read, (where) =>
    runtimeSession(
      { ...options, lasting: false },
      read,
      askedLayers(read, layersOf(read).states, null),
      where,
    ),
  );
  const told = own ? withWhy(read, own.sentence) : read;
  if (own?.encoder) return await openKernelSession(options, told, own.encoder, asked);
  return await runtimeSession(options, told, asked, open);
}

/** Its layers by onnxruntime. @param asked ascending */
async function runtimeSession(
  options: SessionOptions,
  read: ReadModel,
  asked: readonly number[],
  open?: OpenGraph,
): Promise<LayerSession> {
  const { states } = layersOf(read);
  const whole = asked.includes(states.length - 1);
  const { hiddenSize } = read.config;
  const patch = ({ model }: ReadModel): Uint8Array<ArrayBuffer> =>
    (whole ? appendOutputs : cutWithOutputs)(model, {
      pooled: asked.map((layer) => states[layer]!),
      hiddenSize,
    });
  const patched = patch(read);
  const info = infoOf(options, read, scanModel(patched, fileOf(read)));
  const graph = await openLastingGraph({ options, read, bytes: patched, patch, pooled: true, open });
  return {
    get info() {
      return graph.now(info);
    },
    layers: asked,
    async pooled(batch) {
      return together(await graph.run(batch, [pooledOutput]), pooledOutput).data;
    },
    dispose: () => graph.release(),
  };
}

/** With one more reason for what it runs on. */
function withWhy(read: ReadModel, sentence: string): ReadModel {
  const { backend, why } = read.chosen;
  return { ...read, chosen: { backend, why: `${why}; ${sentence}` } };
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
  return await withRoom(options.files, () => plainSession(options));
}

async function plainSession(options: SessionOptions): Promise<PlainSession> {
  const read = await readModel(options);
  const patch = ({ model }: ReadModel): Uint8Array<ArrayBuffer> => model.bytes;
  const info = infoOf(options, read, read.model);
  const graph = await openLastingGraph({ options, read, bytes: patch(read), patch, pooled: false });
  return {
    get info() {
      return graph.now(info);
    },
    outputs: graph.outputNames,
    async run(batch) {
      const parts = await graph.run(batch, null);
      const names = [...(parts[0]?.outputs.keys() ?? [])];
      return Object.fromEntries(names.map((name) => [name, together(parts, name)]));
    },
    dispose: () => graph.release(),
  };
}
