import { CartesianGrid, XAxis } from 'recharts';

const small = { fill: 'var(--quiet)', fontSize: 12 };

/** How ticks and axis names are written, in every chart. */
export const axisText = small;

interface BottomAxisProps {
  readonly dataKey: string;
  readonly label: string;
  readonly numeric?: boolean;
}

/** The axis along the bottom and the lines across, alike in every chart. */
export function BottomAxis({ dataKey, label, numeric = false }: BottomAxisProps) {
  return (
    <>
      <CartesianGrid stroke="var(--grid)" vertical={false} />
      <XAxis
        dataKey={dataKey}
        {...(numeric ? { type: 'number' as const, domain: ['dataMin', 'dataMax'] } : {})}
        stroke="var(--axis)"
        tick={small}
        minTickGap={14}
        label={{ value: label, position: 'bottom', offset: 2, ...small }}
      />
    </>
  );
}
