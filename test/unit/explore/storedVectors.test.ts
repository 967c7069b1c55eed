import { expect, it } from 'vitest';
import { layerVectors } from '../../../src/lab/explore/layerVectors.ts';
import { readStoredVectors, writeStoredVectors } from '../../../src/lab/explore/storedVectors.ts';

const of = { collection: 'c', models: { ce: 'a', de: 'b' }, rows: { ce: 'self-pair', de: 'single' } };
const vectors = {
  ce: layerVectors(Float32Array.of(3, 4, 1, 0, -1, 1, 0, 2), [0, 1], 2),
  de: layerVectors(Float32Array.of(1, 1, 5, 0), [1], 2),
};
const bytes = writeStoredVectors(of, vectors);

it('reads back what it wrote, to half precision', () => {
  const read = readStoredVectors(bytes, of, 'x.safetensors')!;
  for (const kind of ['ce', 'de'] as const) {
    expect(read[kind].layers).toEqual(vectors[kind].layers);
    expect(read[kind].texts).toBe(2);
    for (const [i, value] of vectors[kind].values.entries()) {
      expect(Math.abs(read[kind].values[i]! - value)).toBeLessThanOrEqual(2 ** -12);
    }
  }
});

it('gives nothing for other models, texts or settings', () => {
  expect(readStoredVectors(bytes, { ...of, collection: 'other' }, 'x')).toBeNull();
  expect(readStoredVectors(bytes, { ...of, models: { ce: 'a', de: 'other' } }, 'x')).toBeNull();
  expect(readStoredVectors(bytes, { ...of, rows: { ce: 'other', de: 'single' } }, 'x')).toBeNull();
});

it('refuses a file that is cut off', () => {
  expect(() => readStoredVectors(bytes.subarray(0, bytes.length - 1), of, 'x.safetensors')).toThrow(
    'x.safetensors: has no vectors "de", or only a part of them; load the page again.',
  );
});
