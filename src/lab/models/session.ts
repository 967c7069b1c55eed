import { appendOutputs, cutWithOutputs, pooledOutput } from './onnx/patch.ts';
import { scanModel } from './onnx/scan.ts';
import { type OpenGraph, openGraph } from './openedGraph.ts';
import { askedLayers, fileOf, infoOf, layersOf, readModel, type SessionOptions } from './readModel.ts';
import { together } from './together.ts';
import type { LayerSession, SessionInfo, TokenBatch } from './types.ts';

/**
 * Opens a model so that the pooled vectors of every asked layer come out of one run.
 * @param layers ascending layer indices, null for all; where the last layers are not asked for, the
 * graph is cut before them
 * @param open where its graph is run; it may take the graph's bytes
 * @throws UserError for a model that is missing, is none, or whose layers cannot be found
 */
export async function openLayerSession(
  options: SessionOptions,
  layers: readonly number[] | null,
  open: OpenGraph = openGraph,
): Promise<LayerSession> {
  const read = await readModel(options);
  const { states } = layersOf(read);
  const asked = askedLayers(read, states, layers);
  const whole = asked.includes(states.length - 1);
  const patched = (whole ? appendOutputs : cutWithOutputs)(read.model, {
    pooled: asked.map((layer) => states[layer]!),
    hiddenSize: read.config.hiddenSize,
  });
  const info = infoOf(options, read, scanModel(patched, fileOf(read)));
  const graph = await open(read, patched, true);
  return {
    info,
    layers: asked,
    async pooled(batch) {
      return together(await graph.run(batch, [pooledOutput]), pooledOutput).data;
    },
    dispose: () => graph.release(),
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
  const graph = await openGraph(read, read.model.bytes, false);
  return {
    info: infoOf(options, read, read.model),
    outputs: graph.outputNames,
    async run(batch) {
      const parts = await graph.run(batch, null);
      const names = [...(parts[0]?.outputs.keys() ?? [])];
      return Object.fromEntries(names.map((name) => [name, together(parts, name)]));
    },
    dispose: () => graph.release(),
  };
}
