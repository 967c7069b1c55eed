import type { InferenceSession } from 'onnxruntime-web';
import { feeds } from './feeds.ts';
import { floatsOf } from './floatsOf.ts';
import { findAttention } from './onnx/attention.ts';
import { appendOutputs, attentionOutput, pooledOutput, stateOutput } from './onnx/patch.ts';
import { askedLayers, createSession, infoOf, readModel, type SessionOptions, statesOf } from './readModel.ts';
import { loadRuntime } from './runtime.ts';
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
 * Of a graph that is fused, attention is told to be missing, and the rest is given.
 * @throws UserError as `openLayerSession`
 */
export async function openInspectSession(
  options: SessionOptions,
  { layers = null, attention = null }: Shown = {},
): Promise<InspectSession> {
  const read = await readModel(options);
  const states = statesOf(read);
  const asked = askedLayers(read, states, layers);
  const probabilities = findAttention(read.model, states);
  const access = accessTo(attention ?? probabilities.map((_, layer) => layer + 1), probabilities);
  const heard = access.given ? access.layers.map((layer) => probabilities[layer - 1]!) : [];
  const patched = appendOutputs(read.model, {
    pooled: asked.map((layer) => states[layer]!),
    tokens: true,
    attention: heard,
    hiddenSize: read.config.hiddenSize,
  });
  const runtime = await loadRuntime(read.chosen.backend);
  const session = await createSession(runtime, patched, read);
  const head = read.config.labels === null ? null : logitsOutput(session, read.model.outputs);
  return {
    info: infoOf(options, read, read.model),
    layers: asked,
    attention: access,
    async inspect(batch) {
      const outputs = await session.run(feeds(runtime, session, batch));
      const given = (name: string): Float32Array<ArrayBuffer> => {
        const data = outputs[name] && floatsOf(outputs[name]);
        if (!data) throw new Error(`The runtime gave no ${name}.`);
        return data;
      };
      const shares = heard.map((_, index) => given(attentionOutput(index)));
      return {
        states: besideEachOther(
          asked.map((_, index) => given(stateOutput(index))),
          batch.rows,
        ),
        pooled: given(pooledOutput),
        attention: shares,
        heads: shares[0] ? shares[0].length / (batch.rows * batch.tokens ** 2) : 0,
        logits: head === null ? null : given(head),
      };
    },
    dispose: () => session.release(),
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
function logitsOutput(session: InferenceSession, own: readonly { readonly name: string }[]): string | null {
  return session.outputNames.includes('logits') ? 'logits' : (own[0]?.name ?? null);
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
