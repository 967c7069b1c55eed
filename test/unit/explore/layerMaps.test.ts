import { expect, it } from 'vitest';
import { alignedTo, layerMaps } from '../../../src/lab/explore/layerMaps.ts';
import type { LayerVectors } from '../../../src/lab/explore/layerVectors.ts';

const never = new AbortController().signal;

/** Points of a plane in four dimensions, at two layers: as they are, and a quarter turn on with another mean. */
const plane = [
  [2, 1],
  [-1, 3],
  [0, -2],
  [-3, 0],
  [2, -2],
] as const;

function vectors(rows: readonly (readonly [number, number])[]): LayerVectors {
  const first = rows.flatMap(([x, y]) => [x, y, 0, 0]);
  const turned = rows.flatMap(([x, y]) => [-y + 7, x - 5, 1, 1]);
  return {
    layers: [0, 3],
    texts: rows.length,
    hiddenSize: 4,
    values: Float32Array.from([...first, ...turned]),
  };
}

it('puts a layer that is another one turned onto it', async () => {
  const [first, second] = await layerMaps([vectors(plane.slice(0, 3)), vectors(plane.slice(3))], never);
  expect([first!.layer, second!.layer]).toEqual([0, 3]);
  expect(first!.kept).toBeCloseTo(1, 10);
  expect(second!.kept).toBeCloseTo(1, 10);
  for (const [at, value] of first!.points.entries()) expect(second!.points[at]).toBeCloseTo(value, 6);
});

it('keeps what the plane has of the variance, and brings every layer to one spread', async () => {
  // Sums of squares 8, 18 and 2 along three axes: two directions keep 26 of 28.
  const values = [
    [2, 0, 0],
    [-2, 0, 0],
    [0, 3, 0],
    [0, -3, 0],
    [0, 0, 1],
    [0, 0, -1],
  ].flat();
  const [map] = await layerMaps(
    [{ layers: [0], texts: 6, hiddenSize: 3, values: Float32Array.from(values) }],
    never,
  );
  expect(map!.kept).toBeCloseTo(26 / 28, 10);
  expect(map!.points.reduce((sum, value) => sum + value ** 2, 0) / 6).toBeCloseTo(1, 10);
});

it('leaves texts that are all alike in one place', async () => {
  const values = Float32Array.from([1, 0, 1, 0, 1, 0]);
  const [map] = await layerMaps([{ layers: [0], texts: 3, hiddenSize: 2, values }], never);
  expect(map!.kept).toBe(0);
  expect([...map!.points]).toEqual([0, 0, 0, 0, 0, 0]);
});

it('mirrors points onto a target', () => {
  const target = alignedTo(Float64Array.from(plane.flat()), null);
  const mirrored = alignedTo(Float64Array.from(plane.flatMap(([x, y]) => [4 - x, y])), target);
  for (const [at, value] of target.entries()) expect(mirrored[at]).toBeCloseTo(value, 10);
});

it('stops when it is cancelled', async () => {
  const next = new AbortController();
  next.abort();
  await expect(layerMaps([vectors(plane)], next.signal)).rejects.toThrow('Cancelled');
});
