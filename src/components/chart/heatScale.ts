/** Shades of a heat map: few enough to be told apart in print, and each one path of the picture. */
export const shades = 12;

/** What the palest and the strongest shade stand for. */
export interface HeatScale {
  readonly low: number;
  readonly high: number;
  /** Values below zero have a colour of their own, and zero has none. */
  readonly diverging: boolean;
}

/** From the smallest to the largest of the values; a diverging scale reaches equally far to both sides of zero. */
export function heatScale(values: Iterable<number>, diverging = false): HeatScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { low: 0, high: 1, diverging };
  if (!diverging) return { low, high, diverging };
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { low: -reach, high: reach, diverging };
}

/** A shade from 0, the palest, to {@link shades}; below zero of a diverging scale from 0 to minus that. */
export function shadeOf(value: number, { low, high, diverging }: HeatScale): number {
  if (!Number.isFinite(value) || high <= low) return 0;
  const share = diverging ? value / high : (value - low) / (high - low);
  // No minus zero, which would be a shade of its own.
  return Math.round(Math.max(-1, Math.min(1, share)) * shades) + 0;
}

/**
 * The cells of each shade as one path of squares; shade 0 is left out.
 * @param values (rows, columns) @param cell width and height of a cell
 */
export function shadePaths(
  values: ArrayLike<number>,
  columns: number,
  scale: HeatScale,
  cell: number,
): Map<number, string> {
  const paths = new Map<number, string>();
  for (let at = 0; at < values.length; at++) {
    const shade = shadeOf(values[at]!, scale);
    if (shade === 0) continue;
    const [x, y] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    paths.set(shade, `${paths.get(shade) ?? ''}M${x} ${y}h${cell}v${cell}h${-cell}z`);
  }
  return paths;
}
