import {
  CartesianGrid,
  LabelList,
  type LabelProps,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisOf, axisText } from './BottomAxis.tsx';
import { roundScale } from './scale.ts';

export interface SpeedPoint {
  readonly system: string;
  /** Texts a second, or what `along` says. */
  readonly speed: number;
  readonly value: number;
}

interface SpeedScatterProps {
  readonly title: string;
  readonly metric: string;
  readonly points: readonly SpeedPoint[];
  /** What stands along the bottom: its unit, and how it reads behind a number. */
  readonly along?: { readonly unit: string; readonly words: string };
}

const speedAlong = { unit: 'texts/s', words: 'texts a second' };

/** A system's name on one line above its mark; recharts would break it to the mark's width. */
function PointLabel({ x, y, width, value }: LabelProps) {
  return (
    <text x={Number(x) + Number(width) / 2} y={Number(y) - 6} textAnchor="middle" {...axisText}>
      {value}
    </text>
  );
}

/** Quality against encoding speed, or another cost, one mark a system. */
export function SpeedScatter({ title, metric, points, along = speedAlong }: SpeedScatterProps) {
  return (
    <ResponsiveContainer width="100%" height={240}>
      <ScatterChart
        margin={{ top: 18, right: 40, bottom: 18, left: 4 }}
        title={title}
        desc={points
          .map(
            ({ system, speed, value }) =>
              `${system}: ${value.toFixed(3)} at ${Number(speed.toPrecision(3))} ${along.words}`,
          )
          .join('. ')}
      >
        <CartesianGrid stroke="var(--grid)" vertical={false} />
        <XAxis
          dataKey="speed"
          name={along.unit}
          type="number"
          {...axisOf(roundScale(points.map(({ speed }) => speed)))}
          stroke="var(--axis)"
          tick={axisText}
          label={{ value: along.unit, position: 'bottom', offset: 2, ...axisText }}
        />
        <YAxis
          dataKey="value"
          name={metric}
          type="number"
          {...axisOf(roundScale(points.map(({ value }) => value)))}
          width={40}
          stroke="var(--axis)"
          tick={axisText}
        />
        <Scatter data={[...points]} fill="var(--ce)" isAnimationActive={false}>
          <LabelList dataKey="system" content={PointLabel} />
        </Scatter>
        <Tooltip
          formatter={(value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : String(value))}
          contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
        />
      </ScatterChart>
    </ResponsiveContainer>
  );
}
