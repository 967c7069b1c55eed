import { describe, expect, it } from 'vitest';
import { generator } from '../../../src/base/random.ts';
import { alignedTo } from '../../../src/lab/explore/layerMaps.ts';
import { umapPoints } from '../../../src/lab/explore/umapPoints.ts';

const signal = new AbortController().signal;
const each = 25;

/** Two heaps far apart in three dimensions, one behind the other. */
function heaps(): Float32Array<ArrayBuffer> {
  const random = generator(3);
  const noise = (): number => random.next() / 2 ** 31 / 10;
  return Float32Array.from(
    Array.from({ length: 2 * each }, (_, row) => [row < each ? 1 : -1, noise(), noise()]).flat(),
  );
}

describe('UMAP', () => {
  const values = heaps();
  const start = alignedTo(
    Float64Array.from({ length: 4 * each }, (_, at) => values[Math.floor(at / 2) * 3 + (at % 2)]!),
    null,
  );

  it('keeps two heaps apart, on the sides where they start, with unit spread', async () => {
    const points = await umapPoints(values, 3, start, { signal });
    const x = Array.from({ length: 2 * each }, (_, row) => points[2 * row]!);
    expect(Math.min(...x.slice(0, each))).toBeGreaterThan(Math.max(...x.slice(each)));
    expect(points.reduce((sum, value) => sum + value ** 2, 0) / (2 * each)).toBeCloseTo(1, 10);
  });

  it('gives the same every time, and tells how far it is', async () => {
    const shares: number[] = [];
    const first = await umapPoints(values, 3, start, { signal, onProgress: (share) => shares.push(share) });
    expect(await umapPoints(values, 3, start, { signal })).toEqual(first);
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  it('says what to do about too few texts', async () => {
    await expect(umapPoints(values.subarray(0, 30), 3, start.subarray(0, 20), { signal })).rejects.toThrow(
      'UMAP needs more than 15 texts, and the collection has 10; choose PCA.',
    );
  });
});
