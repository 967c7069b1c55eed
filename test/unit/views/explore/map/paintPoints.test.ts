import { expect, it } from 'vitest';
import { paintOrder, paintPoints } from '../../../../../src/views/explore/map/paintPoints.ts';

function painted(positions: readonly number[], groups: readonly number[]): string[] {
  const pixels = { width: 9, height: 5, values: new Uint32Array(45) };
  const of = Uint8Array.from(groups);
  paintPoints(pixels, Float32Array.from(positions), paintOrder(of), of, [
    { pixel: 1, shape: 'disc', radius: 1 },
    { pixel: 2, shape: 'diamond', radius: 2 },
  ]);
  return Array.from({ length: 5 }, (_, y) => pixels.values.slice(9 * y, 9 * y + 9).join(''));
}

it('paints shapes about their points', () => {
  expect(painted([1, 1, 6, 2], [0, 1])).toEqual([
    '010000200',
    '111002220',
    '010022222',
    '000002220',
    '000000200',
  ]);
});

it('paints the group at the front over the one at the back, and nothing past the edge', () => {
  expect(painted([8, 4, 8, 4, 0, -9], [1, 0, 0])).toEqual([
    '000000000',
    '000000000',
    '000000002',
    '000000022',
    '000000222',
  ]);
});

it('orders rows by group, and within a group as they are', () => {
  expect([...paintOrder(Uint8Array.from([1, 0, 1, 0]))]).toEqual([1, 3, 0, 2]);
});
