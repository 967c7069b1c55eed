import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../src/lab/formats/safetensors.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/lab/training/checkpoint.ts';
import { runKey } from '../../../src/lab/training/runKey.ts';
import { madeIdentity, madeTraining } from '../../support/training.ts';

test('a run comes back as it was, bit for bit', () => {
  const { seconds, ...made } = madeTraining(5, 3);
  expect(seconds).toBe(7.5);
  const bytes = encodeCheckpoint(made);
  const back = decodeCheckpoint(bytes, 'step-5.safetensors');
  expect({ ...back, weights: 0, optimiser: 0 }).toEqual({ ...made, weights: 0, optimiser: 0 });
  for (const [of, its] of [
    [back.weights, made.weights],
    [back.optimiser.mean, made.optimiser.mean],
    [back.optimiser.square, made.optimiser.square],
  ] as const) {
    expect([...of.keys()]).toEqual([...its.keys()]);
    for (const [name, { shape, data }] of its) {
      expect(of.get(name)!.shape).toEqual(shape);
      expect(of.get(name)!.data).toEqual(data);
    }
  }
  expect(encodeCheckpoint(back)).toEqual(bytes);
});

test('other files are refused', () => {
  const { weights } = madeTraining(1, 1);
  expect(() => decodeCheckpoint(writeSafetensors(weights, { format: 'pt' }), 'model.safetensors')).toThrow(
    'model.safetensors: is not a checkpoint',
  );
  const whole = encodeCheckpoint(madeTraining(1, 1));
  const tensors = readSafetensors(whole);
  tensors.delete('square.embeddings.LayerNorm.bias');
  const metadata = { format: 'layerlab-checkpoint-1', step: '1', steps: '[]', evaluations: '[]' };
  expect(() => decodeCheckpoint(writeSafetensors(tensors, metadata), 'x')).toThrow(
    'lacks the optimiser\'s square of "embeddings.LayerNorm.bias"',
  );
});

test('a run is named by what decides its bits, and by nothing else', () => {
  const identity = madeIdentity();
  const { train, set, initial } = identity;
  const key = runKey(identity, 'adapter');
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  const renamed = { ...train, name: 'other', saveSteps: [1], evaluateEvery: 3, data: ['bundled:x'] };
  expect(runKey({ ...identity, train: renamed }, 'adapter')).toBe(key);
  const changed = new Map(initial.weights);
  const [name, value] = [...changed][0]!;
  changed.set(name, { ...value, data: value.data.map((one, at) => (at === 9 ? one + 1e-6 : one)) });
  const others = [
    runKey(identity, 'another adapter'),
    runKey(madeIdentity('made', 2), 'adapter'),
    runKey({ ...identity, train: { ...train, learningRate: 1e-4 } }, 'adapter'),
    runKey({ ...identity, train: { ...train, steps: 20 } }, 'adapter'),
    runKey({ ...identity, initial: { ...initial, weights: changed } }, 'adapter'),
    runKey({ ...identity, set: { ...set, texts: ['a', 'bc', ''] } }, 'adapter'),
    runKey({ ...identity, set: { ...set, texts: ['ab', 'c', ''] } }, 'adapter'),
    runKey(
      { ...identity, set: { ...set, examples: [{ query: 0, positives: [1, 2], negatives: [] }] } },
      'adapter',
    ),
  ];
  expect(new Set([key, ...others]).size).toBe(others.length + 1);
});
