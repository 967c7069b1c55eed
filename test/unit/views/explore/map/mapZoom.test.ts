import { describe, expect, it } from 'vitest';
import { toMap, toPicture } from '../../../../../src/views/explore/map/mapPlace.ts';
import {
  heldView,
  keyedView,
  panned,
  showing,
  zoomAt,
  zoomed,
} from '../../../../../src/views/explore/map/mapZoom.ts';

/** Shows -10 to 10 across and -5 to 5 up. */
const whole = { width: 200, height: 100, scale: 10, x: 0, y: 0 };
const twice = { zoom: 2, x: 3, y: -1 };
const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });

describe('a part of the map', () => {
  it('is drawn larger, with its middle in the middle', () => {
    const place = zoomed(whole, twice);
    expect(toPicture(place, 3, -1)).toEqual([100, 50]);
    expect(toPicture(place, 4, -1)).toEqual([120, 50]);
    expect(toMap(place, 120, 50)).toEqual([4, -1]);
    expect(zoomed(whole, null)).toBe(whole);
  });

  it('never leaves the whole map, nor grows beyond the largest zoom', () => {
    expect(heldView(whole, { zoom: 2, x: 90, y: -90 })).toEqual({ zoom: 2, x: 5, y: -2.5 });
    expect(heldView(whole, { zoom: 1e9, x: 0, y: 0 })).toEqual({ zoom: 64, x: 0, y: 0 });
    expect(heldView(whole, { zoom: 0.5, x: 1, y: 1 })).toBeNull();
  });

  it('grows about the pointer, and back to the whole', () => {
    const at = [150, 40] as const;
    const view = zoomAt(whole, null, 4, at);
    const place = zoomed(whole, view);
    expect(place.scale).toBe(40);
    expect(toMap(place, ...at)).toEqual(toMap(whole, ...at));
    expect(zoomAt(whole, view, 1 / 4, at)).toBeNull();
  });

  it('moves with what is dragged', () => {
    expect(panned(whole, twice, 20, 10)).toEqual({ zoom: 2, x: 2, y: -0.5 });
    expect(panned(whole, null, 20, 10)).toBeNull();
  });

  it('comes to a text that lies outside, and stays for one inside', () => {
    expect(showing(whole, twice, 4, 1)).toBe(twice);
    expect(showing(whole, twice, -4, 1)).toEqual({ zoom: 2, x: -4, y: 1 });
    expect(showing(whole, null, -4, 1)).toBeNull();
  });

  it('follows the keyboard, but for the arrows, which lead from text to text', () => {
    const middle = [100, 50] as const;
    expect(keyedView(whole, null, key('+'), middle)).toEqual({ zoom: 1.5, x: 0, y: 0 });
    expect(keyedView(whole, { ...twice, zoom: 1.5 }, key('-'), middle)).toBeNull();
    expect(keyedView(whole, twice, key('0'), middle)).toBeNull();
    expect(keyedView(whole, { zoom: 2, x: 0, y: 0 }, key('ArrowRight', true), middle)).toEqual({
      zoom: 2,
      x: 2,
      y: 0,
    });
    expect(keyedView(whole, twice, key('ArrowRight'), middle)).toBeUndefined();
    expect(keyedView(whole, twice, key('toString', true), middle)).toBeUndefined();
  });
});
