import { feeds } from './feeds.ts';
import { floatsOf } from './floatsOf.ts';
import { appendOutputs, cutWithOutputs, pooledOutput } from './onnx/patch.ts';
import { scanModel } from './onnx/scan.ts';
import {
  askedLayers,
  createSession,
  fileOf,
  infoOf,
  readModel,
  type SessionOptions,
  statesOf,
} from './readModel.ts';
import { loadRuntime } from './runtime.ts';
import type { LayerSession, SessionInfo, TokenBatch } from './types.ts';

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
  const states = statesOf(read);
  const asked = askedLayers(read, states, layers);
  const wanted = asked.map((layer) => states[layer]!);
  const whole = asked.includes(states.length - 1);
  const patched = (whole ? appendOutputs : cutWithOutputs)(read.model, {
    pooled: wanted,
    hiddenSize: read.config.hiddenSize,
  });
  const runtime = await loadRuntime(read.chosen.backend);
  const session = await createSession(runtime, patched, read);
  return {
    info: infoOf(options, read, scanModel(patched, fileOf(read))),
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
  const session = await createSession(runtime, read.model.bytes, read);
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
