import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceSession } from '../../../src/gpu/deviceSession.ts';
import { defaultLaunchConfiguration } from '../../../src/gpu/launchConfiguration.ts';
import { Trainer, type TrainingBatch } from '../../../src/gpu/training/trainer.ts';
import { type NamedTensor, readSafetensors } from '../../../src/lab/formats/safetensors.ts';
import type { ModelFiles } from '../../../src/lab/models/types.ts';
import { initialModel } from '../../../src/lab/training/initialise.ts';
import '../../support/allclose.ts';
import { testSession } from '../../support/device.ts';
import { optimiserOf, type ReferenceSteps } from '../../support/trainingReference.ts';

/** A classifier of test/reference/families, in the hub's layout. */
function servedModel(family: string): ModelFiles {
  const fetched = (path: string): Promise<Response> => fetch(`/test/reference/families/${family}/${path}`);
  return {
    source: `test:${family}`,
    has: (path) => Promise.resolve(path === 'model.safetensors'),
    text: async (path) => await (await fetched(path)).text(),
    bytes: async (path, { range } = {}) =>
      new Uint8Array(await (await fetched(path)).arrayBuffer()).slice(range?.[0], range?.[1]),
  };
}

let session: DeviceSession;
beforeAll(async () => {
  session = await testSession();
});
afterAll(() => session.dispose());

/** Texts of one part of a reference batch, padding cut off. */
function rowsOf({ shape, data }: NamedTensor, padTokenId: number): Int32Array[] {
  const [rows, tokens] = shape as [number, number];
  return Array.from({ length: rows }, (_, r) =>
    Int32Array.from(data.subarray(r * tokens, (r + 1) * tokens)).filter((id) => id !== padTokenId),
  );
}

test.each(['roberta', 'xlm-roberta', 'electra'])('four steps of PyTorch from %s', async (family) => {
  const files = servedModel(family);
  const tensors = readSafetensors(await files.bytes('steps.safetensors'));
  const expected = JSON.parse(await files.text('steps.json')) as ReferenceSteps;
  const { shape, weights, config } = await initialModel({ init: 'ce', layers: 2, copyLayers: 2 }, 1, files);
  const trainer = new Trainer(session, {
    shape,
    weights,
    configuration: defaultLaunchConfiguration(true),
    optimiser: optimiserOf(expected),
    scale: expected.scale,
    dropout: 0,
    seed: 1,
    miniBatchSize: 4,
    // The word table in several pages.
    pageBytes: 4 * 64 * 12,
  });
  for (const [step, { loss, grad_norm, learning_rate }] of expected.steps.entries()) {
    const rows = (part: string): Int32Array[] =>
      rowsOf(tensors.get(`step${step}.${part}.input_ids`)!, config.padTokenId);
    const batch: TrainingBatch = {
      queries: rows('query'),
      documents: [...rows('positive'), ...rows('negative')],
    };
    trainer.step(batch, learning_rate, step);
    const [stats] = await trainer.stats([step]);
    expect(Math.abs(stats!.loss - loss)).toBeLessThanOrEqual(1e-5 * loss);
    expect(Math.abs(stats!.gradNorm - grad_norm)).toBeLessThanOrEqual(1e-4 * grad_norm);
    if (!tensors.has(`step${step}.grad.embeddings.word_embeddings.weight`)) continue;
    for (const [name, gradient] of await trainer.gradients()) {
      const right = tensors.get(`step${step}.grad.${name}`)!.data;
      // Softmax does not see the keys' biases: their gradient is 0, and PyTorch's is rounding.
      const norm = name.endsWith('key.bias') ? 0 : Math.hypot(...right);
      const off = Math.hypot(...gradient.map((value, i) => (norm === 0 ? value : value - right[i]!)));
      expect(off, `gradient of ${name}`).toBeLessThanOrEqual(1e-4 * norm);
    }
  }
  for (const [name, { data }] of await trainer.weights()) {
    // Of that rounding AdamW makes whole steps, which nobody can repeat.
    const right = name.endsWith('key.bias') ? weights.get(name)! : tensors.get(`after.${name}`)!;
    expect(data, name).toBeAllclose(right.data, { atol: 1e-5 });
  }
  trainer.destroy();
});
