import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisOf, axisText } from './BottomAxis.tsx';
import type { Scale } from './scale.ts';

export interface Difference {
  readonly name: string;
  /** First minus second, in the axis' unit. */
  readonly value: number;
}

interface DifferenceBarsProps {
  readonly title: string;
  /** What the axis says. */
  readonly label: string;
  /** A value in words. */
  readonly format: (value: number) => string;
  /** Room for the names, in pixels. */
  readonly nameWidth: number;
  readonly bars: readonly Difference[];
  /** The same for charts that stand side by side. */
  readonly scale: Scale;
  /** Drawn dotted, beside the line at 0. */
  readonly line?: number;
}

/** One bar a name, to the left where the first is below the second. */
export function DifferenceBars({ title, label, format, nameWidth, bars, scale, line }: DifferenceBarsProps) {
  return (
    <ResponsiveContainer width="100%" height={40 + 24 * bars.length}>
      <BarChart
        layout="vertical"
        data={[...bars]}
        margin={{ top: 4, right: 12, bottom: 18, left: 4 }}
        title={title}
        desc={bars.map(({ name, value }) => `${name}: ${format(value)}`).join('. ')}
      >
        <CartesianGrid stroke="var(--grid)" horizontal={false} />
        <XAxis
          type="number"
          {...axisOf(scale)}
          stroke="var(--axis)"
          tick={axisText}
          label={{ value: label, position: 'bottom', offset: 2, ...axisText }}
        />
        <YAxis
          type="category"
          dataKey="name"
          width={nameWidth}
          stroke="var(--axis)"
          tick={axisText}
          interval={0}
        />
        <ReferenceLine x={0} stroke="var(--axis)" />
        {line === undefined ? null : (
          <ReferenceLine x={line} stroke="var(--mark)" strokeDasharray="2 3" strokeWidth={1.5} />
        )}
        <Bar dataKey="value" name="difference" fill="var(--ce)" isAnimationActive={false} />
        <Tooltip
          cursor={{ fill: 'var(--mark)', fillOpacity: 0.15 }}
          formatter={(value) => (typeof value === 'number' ? format(value) : String(value))}
          contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}
