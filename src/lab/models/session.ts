import { compareLogits, compareVectors } from './compareVectors.ts';
import { fileOf } from './graphFile.ts';
import { checkKernels, kernelsMayRun, type Side } from './kernelCheck.ts';
import { openKernelHead, openKernelSession, ownEncoderOf } from './kernelSession.ts';
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
import type { LayerSession, PlainSession } from './types.ts';

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
  const encoder = kernelsMayRun(options, read) ? await ownEncoderOf(options.files, read, null) : null;
  if (!encoder) return await runtimeSession(options, read, asked, open);
  const all = askedLayers(read, layersOf(read).states, null);
  const { agrees, sentence } = await checkKernels(options, read, {
    what: 'layers',
    openRuntime: async (where) =>
      sideOf(await runtimeSession({ ...options, lasting: false }, read, all, where)),
    openKernels: async () => sideOf(await openKernelSession(options, read, encoder, all)),
    compare: (expected, given, than) =>
      compareVectors({ layers: all, hiddenSize: encoder.shape.hidden }, expected, given, { than, tolerance }),
  });
  const told = withWhy(read, sentence);
  return agrees
    ? await openKernelSession(options, told, encoder, asked)
    : await runtimeSession(options, told, asked, open);
}

/** Part of a vector's length by which float32 sums in another order may move it; what is wrong is far beyond. */
const tolerance = 1e-4;

function sideOf(session: LayerSession): Side {
  return { info: session.info, give: (batch) => session.pooled(batch), dispose: () => session.dispose() };
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

/** Opens a model unpatched: for a CE's logits, and as the other side of measurements. */
export async function openPlainSession(options: SessionOptions): Promise<PlainSession> {
  return await withRoom(options.files, () => plainSession(options));
}

async function plainSession(options: SessionOptions): Promise<PlainSession> {
  const read = await readModel(options);
  const { labels } = read.config;
  const encoder =
    labels !== null && kernelsMayRun(options, read) ? await ownEncoderOf(options.files, read, labels) : null;
  if (!encoder) return await runtimePlain(options, read);
  const { agrees, sentence } = await checkKernels(options, read, {
    what: 'logits',
    // The graph is the file itself, whose bytes may be taken where it is run.
    openRuntime: async (where) =>
      logitsSideOf(await runtimePlain({ ...options, lasting: false }, withCopy(read), where)),
    openKernels: async () => logitsSideOf(await openKernelHead(options, read, encoder)),
    compare: (expected, given, than) => compareLogits(expected, given, { than, tolerance }),
  });
  const told = withWhy(read, sentence);
  return agrees ? await openKernelHead(options, told, encoder) : await runtimePlain(options, told);
}

function withCopy(read: ReadModel): ReadModel {
  return { ...read, model: { ...read.model, bytes: read.model.bytes.slice() } };
}

function logitsSideOf(session: PlainSession): Side {
  return {
    info: session.info,
    async give(batch) {
      // Of a graph that names them otherwise, who reads them says so.
      const { logits } = await session.run(batch);
      return logits?.data ?? new Float32Array();
    },
    dispose: () => session.dispose(),
  };
}

/** The graph of the file, by onnxruntime. */
async function runtimePlain(
  options: SessionOptions,
  read: ReadModel,
  open?: OpenGraph,
): Promise<PlainSession> {
  const patch = ({ model }: ReadModel): Uint8Array<ArrayBuffer> => model.bytes;
  const info = infoOf(options, read, read.model);
  const graph = await openLastingGraph({ options, read, bytes: patch(read), patch, pooled: false, open });
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
