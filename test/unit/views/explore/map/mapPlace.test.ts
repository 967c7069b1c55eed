import { describe, expect, it } from 'vitest';
import {
  placement,
  rowAt,
  rowsInside,
  rowTowards,
  toMap,
  toPicture,
} from '../../../../../src/views/explore/map/mapPlace.ts';

/** A point in the middle, and one each to the right, the left, above and below. */
const cross = [0, 0, 2, 0.5, -3, 0, 0.2, 1, 0, -1];

describe('the place of a map in its picture', () => {
  it('holds every point of every layer, with equal units', () => {
    const place = placement([cross, [0, 4, 1, 1]], 228, 128);
    // 4 units up have 64 - 14 pixels.
    expect(place.scale).toBe(12.5);
    expect(toPicture(place, 0, 4)).toEqual([114, 14]);
    expect(toMap(place, 114, 14)).toEqual([0, 4]);
  });

  it('is found where all texts lie in one place', () => {
    expect(placement([[0, 0]], 100, 100).scale).toBe(1);
  });
});

it('lists the rows inside an area, with its edges', () => {
  expect(rowsInside(cross, { left: 0, bottom: 0, right: 2, top: 1 })).toEqual([0, 1, 3]);
});

it('finds the row at a place, within reach', () => {
  expect(rowAt(cross, 1.8, 0.4, 0.5)).toBe(1);
  expect(rowAt(cross, 1.8, 3, 0.5)).toBeNull();
});

it('follows the arrow keys to the nearest point that way', () => {
  expect(
    ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'a'].map((key) => rowTowards(cross, 0, key)),
  ).toEqual([1, 2, 3, 4, null]);
  expect(rowTowards(cross, 1, 'ArrowRight')).toBeNull();
});
