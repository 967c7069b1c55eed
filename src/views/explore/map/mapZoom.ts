import type { MapView } from '../../../state/map.ts';
import { type Placement, toMap, toPicture } from './mapPlace.ts';

/** How many times larger than the whole a part can be drawn. */
export const mostZoom = 64;

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** A view that is held inside the picture of the whole map; null where it is the whole. */
export function heldView({ width, height, scale }: Placement, view: MapView): MapView | null {
  const zoom = clamp(view.zoom, 1, mostZoom);
  if (zoom < 1.001) return null;
  const across = (width / 2 / scale) * (1 - 1 / zoom);
  const up = (height / 2 / scale) * (1 - 1 / zoom);
  return { zoom, x: clamp(view.x, -across, across), y: clamp(view.y, -up, up) };
}

/** Where the part of a map that is looked at lies in the picture of the whole. */
export function zoomed(whole: Placement, view: MapView | null): Placement {
  const held = view && heldView(whole, view);
  return held ? { ...whole, x: held.x, y: held.y, scale: whole.scale * held.zoom } : whole;
}

/** Zooms by a factor; what lies at a place of the picture stays there, as far as the map's edge lets it. */
export function zoomAt(
  whole: Placement,
  view: MapView | null,
  factor: number,
  [x, y]: readonly [number, number],
): MapView | null {
  const before = zoomed(whole, view);
  const zoom = clamp((before.scale / whole.scale) * factor, 1, mostZoom);
  const [mapX, mapY] = toMap(before, x, y);
  const scale = whole.scale * zoom;
  return heldView(whole, {
    zoom,
    x: mapX - (x - whole.width / 2) / scale,
    y: mapY + (y - whole.height / 2) / scale,
  });
}

/** Moves the map by pixels of the picture; the whole has nowhere to go. */
export function panned(whole: Placement, view: MapView | null, right: number, down: number): MapView | null {
  if (!view) return null;
  const { x, y, scale } = zoomed(whole, view);
  return heldView(whole, { zoom: scale / whole.scale, x: x - right / scale, y: y + down / scale });
}

/** A view that shows a place of the map: the same where it does, else one about it. */
export function showing(whole: Placement, view: MapView | null, x: number, y: number): MapView | null {
  if (!view) return null;
  const [right, down] = toPicture(zoomed(whole, view), x, y);
  const seen = right >= 0 && right <= whole.width && down >= 0 && down <= whole.height;
  return seen ? view : heldView(whole, { ...view, x, y });
}

/** A step of the buttons and keys. */
export const zoomStep = 1.5;

const pans: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowRight: [-1, 0],
  ArrowLeft: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * What a key makes of a view: + and − zoom about a place of the picture, 0 shows the whole, arrows with Shift move by a
 * fifth of the picture.
 * @returns undefined for other keys
 */
export function keyedView(
  whole: Placement,
  view: MapView | null,
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  about: readonly [number, number],
): MapView | null | undefined {
  if (key === '+' || key === '=') return zoomAt(whole, view, zoomStep, about);
  if (key === '-') return zoomAt(whole, view, 1 / zoomStep, about);
  if (key === '0') return null;
  const pan = shiftKey && Object.hasOwn(pans, key) ? pans[key] : undefined;
  return pan && panned(whole, view, (pan[0] * whole.width) / 5, (pan[1] * whole.height) / 5);
}
