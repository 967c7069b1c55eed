import {
  CartesianGrid,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { axisOf, axisText } from './BottomAxis.tsx';
import { placeLabels } from './placeLabels.ts';
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

/** Room beside the plot that names may reach into. */
const margin = { top: 18, right: 40, bottom: 18, left: 4 };

/** Names of the systems: many cost the same, or nothing, so that each is put where it covers no other. */
function PointLabels({ points }: Pick<SpeedScatterProps, 'points'>) {
  const area = usePlotArea();
  const across = useXAxisScale();
  const up = useYAxisScale();
  if (!area || !across || !up) return null;
  const marks = points.map(({ system, speed, value }) => ({
    label: system,
    x: Number(across(speed)),
    y: Number(up(value)),
  }));
  const room = {
    x: area.x,
    y: area.y - margin.top,
    width: area.width + margin.right,
    height: area.height + margin.top,
  };
  return placeLabels(marks, room).map(({ label, box, leader }) => (
    <g key={label}>
      {leader ? (
        <line
          x1={leader.from.x}
          y1={leader.from.y}
          x2={leader.to.x}
          y2={leader.to.y}
          stroke="var(--axis)"
          strokeWidth={0.75}
        />
      ) : null}
      <text x={box.x + box.width / 2} y={box.y + box.height - 4} textAnchor="middle" {...axisText}>
        {label}
      </text>
    </g>
  ));
}

/** Quality against encoding speed, or another cost, one mark a system. */
export function SpeedScatter({ title, metric, points, along = speedAlong }: SpeedScatterProps) {
  return (
    <ResponsiveContainer width="100%" height={points.length > 8 ? 340 : 240}>
      <ScatterChart
        margin={margin}
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
        <Scatter data={[...points]} fill="var(--ce)" isAnimationActive={false} />
        <PointLabels points={points} />
        <Tooltip
          formatter={(value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : String(value))}
          contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
        />
      </ScatterChart>
    </ResponsiveContainer>
  );
}
