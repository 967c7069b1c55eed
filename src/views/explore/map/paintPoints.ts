import type { PointShape } from './mapGroups.ts';

/** How the points of a group are painted. */
export interface PointLook {
  /** As a little-endian pixel: alpha, blue, green, red. */
  readonly pixel: number;
  readonly shape: PointShape;
  /** In pixels. */
  readonly radius: number;
}

/** Pixels (height, width) of a picture. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly values: Uint32Array;
}

/** Rows by group, so that groups at the front are painted last. */
export function paintOrder(groups: Uint8Array): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(257);
  for (const group of groups) starts[group + 1]!++;
  for (let group = 0; group < 256; group++) starts[group + 1]! += starts[group]!;
  const order = new Uint32Array(groups.length);
  for (let row = 0; row < groups.length; row++) order[starts[groups[row]!]!++] = row;
  return order;
}

/**
 * Paints points straight into pixels. A canvas call for each of 20,000 points takes several frames where nothing but
 * the processor draws; this takes a part of one.
 * @param positions (N, 2) in pixels @param order rows from back to front @param groups each row's look
 */
export function paintPoints(
  pixels: Pixels,
  positions: Float32Array,
  order: Uint32Array,
  groups: Uint8Array,
  looks: readonly PointLook[],
): void {
  const stamps = looks.map(spansOf);
  const { width, height, values } = pixels;
  for (const row of order) {
    const look = groups[row]!;
    const x = Math.round(positions[2 * row]!);
    const y = Math.round(positions[2 * row + 1]!);
    const spans = stamps[look]!;
    const { pixel } = looks[look]!;
    const reach = (spans.length - 1) / 2;
    for (let line = 0; line < spans.length; line++) {
      const at = y + line - reach;
      if (at < 0 || at >= height) continue;
      const half = spans[line]!;
      const end = at * width + Math.min(width - 1, x + half);
      // A loop: lines are a few pixels long, and a call of fill costs more than those.
      for (let place = at * width + Math.max(0, x - half); place <= end; place++) values[place] = pixel;
    }
  }
}

/** Half the width of a shape in each of its lines, from the top. */
function spansOf({ shape, radius }: PointLook): number[] {
  const reach = Math.max(1, Math.round(radius));
  return Array.from({ length: 2 * reach + 1 }, (_, line) => {
    const y = Math.abs(line - reach);
    return shape === 'diamond' ? reach - y : Math.floor(Math.sqrt(Math.max(0, (radius + 0.3) ** 2 - y ** 2)));
  });
}
