import { CartesianGrid, XAxis } from 'recharts';
import type { Scale } from './scale.ts';

const small = { fill: 'var(--quiet)', fontSize: 12 };

/** How ticks and axis names are written, in every chart. */
export const axisText = small;

/** A scale as recharts takes it. */
export function axisOf({ domain, ticks }: Scale): { domain: [number, number]; ticks: number[] } {
  return { domain: [...domain], ticks: [...ticks] };
}

interface BottomAxisProps {
  readonly dataKey: string;
  readonly label: string;
  /** For numbers; without it the axis has a place for each row. */
  readonly scale?: Scale;
}

/** The axis along the bottom and the lines across, alike in every chart. */
export function BottomAxis({ dataKey, label, scale }: BottomAxisProps) {
  return (
    <>
      <CartesianGrid stroke="var(--grid)" vertical={false} />
      <XAxis
        dataKey={dataKey}
        {...(scale ? { type: 'number' as const, ...axisOf(scale) } : {})}
        stroke="var(--axis)"
        tick={small}
        minTickGap={14}
        label={{ value: label, position: 'bottom', offset: 2, ...small }}
      />
    </>
  );
}
