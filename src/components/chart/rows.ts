import { layerLabel, type Panel } from '../../lab/report/curves.ts';

/** One place of the x axis, as recharts takes it. */
export interface ChartRow {
  readonly layer: number;
  readonly label: string;
  readonly ce?: number;
  readonly de?: number;
  readonly ceBand?: readonly [number, number];
  readonly deBand?: readonly [number, number];
}

export function chartRows({ curves }: Panel): ChartRow[] {
  const rows = new Map<number, ChartRow>();
  for (const { model, points } of curves) {
    for (const { layer, value, interval } of points) {
      rows.set(layer, {
        ...(rows.get(layer) ?? { layer, label: layerLabel(layer) }),
        [model]: value,
        ...(interval ? { [`${model}Band`]: interval } : {}),
      });
    }
  }
  return [...rows.values()].sort((a, b) => a.layer - b.layer);
}

/** The highest value of all panels, bands included, so that their axes can be alike. */
export function highest(panels: readonly Panel[], bands: boolean): number {
  let top = 0;
  for (const { curves } of panels) {
    for (const { points } of curves) {
      for (const { value, interval } of points) top = Math.max(top, bands ? (interval?.[1] ?? value) : value);
    }
  }
  return top;
}
