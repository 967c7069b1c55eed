import { withRoom } from './largestModel.ts';
import { openLastingGraph } from './lastingGraph.ts';
import { appendOutputs, attentionOutput, pooledOutput, stateOutput } from './onnx/patch.ts';
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
import type { AttentionAccess, InspectSession } from './types.ts';

/** What to show. Every further tensor costs its copy off the device. */
export interface Shown {
  /** Ascending indices of hidden states, 0 the embedding layer's output; null for all. */
  readonly layers?: readonly number[] | null;
  /** Ascending encoder layers, 1 the first, whose attention is given; null for all. */
  readonly attention?: readonly number[] | null;
}

/**
 * Opens a model so that one run gives hidden states token by token, pooled, and attention, beside a CE's logits.
 * A graph that is fused has no attention to give, which is said; the rest is given.
 * @param open where its graph is run, here without; it may take the graph's bytes
 * @throws UserError as `openLayerSession`
 */
export async function openInspectSession(
  options: SessionOptions,
  shown: Shown = {},
  open?: OpenGraph,
): Promise<InspectSession> {
  return await withRoom(options.files, () => inspectSession(options, shown, open));
}

async function inspectSession(
  options: SessionOptions,
  { layers = null, attention = null }: Shown,
  open?: OpenGraph,
): Promise<InspectSession> {
  const read = await readModel(options);
  const { states, attention: probabilities } = layersOf(read);
  const asked = askedLayers(read, states, layers);
  const access = accessTo(attention ?? probabilities.map((_, layer) => layer + 1), probabilities);
  const heard = access.given ? access.layers.map((layer) => probabilities[layer - 1]!) : [];
  const { hiddenSize } = read.config;
  const patch = ({ model }: ReadModel): Uint8Array<ArrayBuffer> =>
    appendOutputs(model, {
      pooled: asked.map((layer) => states[layer]!),
      tokens: true,
      attention: heard,
      hiddenSize,
    });
  const info = infoOf(options, read, read.model);
  const head = read.config.labels === null ? null : logitsOutput(read.model.outputs);
  const graph = await openLastingGraph({ options, read, bytes: patch(read), patch, pooled: true, open });
  return {
    get info() {
      return graph.now(info);
    },
    layers: asked,
    attention: access,
    async pooled(batch) {
      return together(await graph.run(batch, [pooledOutput]), pooledOutput).data;
    },
    async inspect(batch) {
      const parts = await graph.run(batch, null);
      const { tokens } = batch;
      // A graph fixed to more tokens gives states and attention of its padding too.
      const shares = heard.map((_, index) => together(parts, attentionOutput(index), [tokens, tokens]).data);
      return {
        states: besideEachOther(
          asked.map((_, index) => together(parts, stateOutput(index), [tokens, null]).data),
          batch.rows,
        ),
        pooled: together(parts, pooledOutput).data,
        attention: shares,
        heads: shares[0] ? shares[0].length / (batch.rows * tokens ** 2) : 0,
        logits: head === null ? null : together(parts, head).data,
      };
    },
    dispose: () => graph.release(),
  };
}

function accessTo(asked: readonly number[], probabilities: readonly (string | null)[]): AttentionAccess {
  const missing = asked.filter((layer) => !probabilities[layer - 1]);
  if (missing.length === 0) return { given: true, layers: asked };
  const where = missing.length === asked.length ? '' : ` in layer ${missing.join(', ')}`;
  return {
    given: false,
    why: `this export computes attention in one fused operator${where}, which does not give it; onnx/model.onnx mostly does`,
  };
}

/** `logits` in every export that names it, else the one output that the model has. */
function logitsOutput(own: readonly { readonly name: string }[]): string | null {
  return own.find(({ name }) => name === 'logits')?.name ?? own[0]?.name ?? null;
}

/** [rows, ...] each, as [rows, tensors, ...]. */
function besideEachOther(
  tensors: readonly Float32Array<ArrayBuffer>[],
  rows: number,
): Float32Array<ArrayBuffer> {
  const size = (tensors[0]?.length ?? 0) / rows;
  const out = new Float32Array(rows * tensors.length * size);
  for (const [index, tensor] of tensors.entries()) {
    for (let row = 0; row < rows; row++) {
      out.set(tensor.subarray(row * size, (row + 1) * size), (row * tensors.length + index) * size);
    }
  }
  return out;
}
