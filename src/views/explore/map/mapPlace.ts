import type { Area } from '../../../state/map.ts';

/** How a map lies in a picture: units of the map times `scale`, from the picture's middle, where (x, y) lies. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const margin = 14;

/** Places maps so that every point of all layers is inside, and one unit is as long both ways. @param maps (N, 2) */
export function placement(maps: readonly ArrayLike<number>[], width: number, height: number): Placement {
  let x = 0;
  let y = 0;
  for (const points of maps) {
    for (let at = 0; at < points.length; at += 2) {
      x = Math.max(x, Math.abs(points[at]!));
      y = Math.max(y, Math.abs(points[at + 1]!));
    }
  }
  const across = x > 0 ? (width / 2 - margin) / x : Number.POSITIVE_INFINITY;
  const up = y > 0 ? (height / 2 - margin) / y : Number.POSITIVE_INFINITY;
  const scale = Math.min(across, up);
  return { width, height, scale: Number.isFinite(scale) ? scale : 1, x: 0, y: 0 };
}

export function toPicture(place: Placement, x: number, y: number): [number, number] {
  const { width, height, scale } = place;
  return [width / 2 + (x - place.x) * scale, height / 2 - (y - place.y) * scale];
}

export function toMap(place: Placement, x: number, y: number): [number, number] {
  const { width, height, scale } = place;
  return [place.x + (x - width / 2) / scale, place.y + (height / 2 - y) / scale];
}

/** Rows of points inside an area. */
export function rowsInside(points: ArrayLike<number>, { left, bottom, right, top }: Area): number[] {
  const rows: number[] = [];
  for (let at = 0; at < points.length; at += 2) {
    const x = points[at]!;
    const y = points[at + 1]!;
    if (x >= left && x <= right && y >= bottom && y <= top) rows.push(at / 2);
  }
  return rows;
}

/** The row nearest to a place; null where none is within `reach`. */
export function rowAt(points: ArrayLike<number>, x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let least = reach ** 2;
  for (let at = 0; at < points.length; at += 2) {
    const square = (points[at]! - x) ** 2 + (points[at + 1]! - y) ** 2;
    if (square <= least) {
      least = square;
      best = at / 2;
    }
  }
  return best;
}

const directions = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
} as const;

/**
 * The row that an arrow key leads to: the nearest of those that lie more that way than aside.
 * @param key of a keyboard event; null is given for any but the arrows
 */
export function rowTowards(points: ArrayLike<number>, from: number, key: string): number | null {
  if (!Object.hasOwn(directions, key)) return null;
  const [dx, dy] = directions[key as keyof typeof directions];
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < points.length; at += 2) {
    const x = points[at]! - points[2 * from]!;
    const y = points[at + 1]! - points[2 * from + 1]!;
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (at === 2 * from || along <= 0 || aside > along) continue;
    const square = x ** 2 + y ** 2;
    if (square < least) {
      least = square;
      best = at / 2;
    }
  }
  return best;
}
