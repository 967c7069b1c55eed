import { expect, it } from 'vitest';
import { keyOnMap } from '../../../../../src/views/explore/map/mapKeys.ts';

/** Shows -10 to 10 across and -5 to 5 up. */
const whole = { width: 200, height: 100, scale: 10, x: 0, y: 0 };
/** A point in the middle, one to its right, and one far to its left. */
const points = [0, 0, 4, 1, -9, 0];
const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

it('leads from text to text, and takes an enlarged view along', () => {
  const right = { ...plain, key: 'ArrowRight' };
  const left = { ...plain, key: 'ArrowLeft' };
  expect(keyOnMap(right, points, whole, { text: 0, view: null })).toEqual({ text: 1, view: null });
  const view = { zoom: 2, x: 0, y: 0 };
  expect(keyOnMap(left, points, whole, { text: 0, view })).toEqual({
    text: 2,
    view: { zoom: 2, x: -5, y: 0 },
  });
  expect(keyOnMap(left, points, whole, { text: 2, view: null })).toEqual({});
});

it('zooms about the open text where it is in sight, else about the middle', () => {
  const plus = { ...plain, key: '+', shiftKey: true };
  expect(keyOnMap(plus, points, whole, { text: 1, view: null })).toEqual({
    view: { zoom: 1.5, x: expect.closeTo(4 / 3, 9) as number, y: expect.closeTo(1 / 3, 9) as number },
  });
  const view = { zoom: 4, x: 0, y: 0 };
  expect(keyOnMap(plus, points, whole, { text: 2, view })).toEqual({ view: { ...view, zoom: 6 } });
});

it('leaves what is marked by Escape, and the rest of the keys to the browser', () => {
  const asked = { text: 1, view: null };
  expect(keyOnMap({ ...plain, key: 'Escape' }, points, whole, asked)).toEqual({ area: null, text: null });
  expect(keyOnMap({ ...plain, key: '0', ctrlKey: true }, points, whole, asked)).toBeNull();
  expect(keyOnMap({ ...plain, key: 'Tab' }, points, whole, asked)).toBeNull();
});
