import { Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import type { StepPoint } from '../../lab/report/trainingCurves.ts';
import { axisOf, axisText, BottomAxis } from './BottomAxis.tsx';
import { roundScale } from './scale.ts';

/** One model's values over the steps of its training. */
export interface Curve {
  readonly name: string;
  readonly points: readonly StepPoint[];
  /** The values that `points` are smoothed from, drawn faintly behind. */
  readonly raw?: readonly StepPoint[];
}

const styles = [
  { colour: 'var(--ce)', dash: undefined },
  { colour: 'var(--de)', dash: '6 3' },
  { colour: 'var(--run-3)', dash: '2 2' },
  { colour: 'var(--run-4)', dash: '8 3 2 3' },
  { colour: 'var(--run-5)', dash: '1 2' },
  { colour: 'var(--run-6)', dash: '10 4' },
  { colour: 'var(--run-7)', dash: '4 1' },
  { colour: 'var(--run-8)', dash: '6 2 1 2 1 2' },
] as const;

/** How the n-th run is drawn. */
export function runStyle(index: number): (typeof styles)[number] {
  return styles[index % styles.length]!;
}

interface StepChartProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
  /** What is counted along the bottom. */
  readonly along?: string;
}

/** Values over steps, or over what else is counted, one line a run. */
export function StepChart({ title, curves, marks = [], along = 'step' }: StepChartProps) {
  const data = rowsOf(curves);
  const values = curves.flatMap(({ points, raw = [] }) => [...points, ...raw].map(({ value }) => value));
  const steps = data.map(({ step }) => step!);
  return (
    <ResponsiveContainer width="100%" height={220}>
      <LineChart
        data={data}
        margin={{ top: 8, right: 12, bottom: 18, left: 4 }}
        title={title}
        desc={describe(curves, along)}
      >
        <BottomAxis dataKey="step" label={along} scale={roundScale(steps)} />
        <YAxis
          width={52}
          stroke="var(--axis)"
          tick={axisText}
          tickFormatter={short}
          {...axisOf(roundScale([...values, ...marks.map(({ value }) => value)]))}
        />
        {marks.map(({ label, value }) => (
          <ReferenceLine key={label} y={value} stroke="var(--axis)" strokeDasharray="2 3" />
        ))}
        {curves.map(({ name, raw }, index) =>
          raw ? (
            <Line
              key={`${name} raw`}
              dataKey={`raw${index}`}
              name={`${name}, raw`}
              stroke={runStyle(index).colour}
              strokeOpacity={0.3}
              strokeWidth={1}
              dot={false}
              activeDot={false}
              connectNulls
              isAnimationActive={false}
            />
          ) : null,
        )}
        {curves.map(({ name }, index) => (
          <Line
            key={name}
            dataKey={`run${index}`}
            name={name}
            stroke={runStyle(index).colour}
            strokeDasharray={runStyle(index).dash}
            strokeWidth={2}
            dot={data.length <= 30}
            connectNulls
            isAnimationActive={false}
          />
        ))}
        <Tooltip
          formatter={(value) => (typeof value === 'number' ? value.toPrecision(4) : String(value))}
          labelFormatter={(step) => `${along} ${String(step)}`}
          contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

/** One row a step, as recharts takes them. */
function rowsOf(curves: readonly Curve[]): Record<string, number>[] {
  const rows = new Map<number, Record<string, number>>();
  const put = (key: string, points: readonly StepPoint[]): void => {
    for (const { step, value } of points) rows.set(step, { ...(rows.get(step) ?? { step }), [key]: value });
  };
  for (const [index, { points, raw = [] }] of curves.entries()) {
    put(`run${index}`, points);
    put(`raw${index}`, raw);
  }
  return [...rows.values()].sort((a, b) => a.step! - b.step!);
}

function short(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? value.toExponential(0)
    : String(Number(value.toPrecision(3)));
}

function describe(curves: readonly Curve[], along: string): string {
  return curves
    .flatMap(({ name, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      return first && last
        ? [
            `${name}: ${first.value.toPrecision(3)} at ${along} ${first.step}, ${last.value.toPrecision(3)} at ${along} ${last.step}`,
          ]
        : [];
    })
    .join('. ');
}

export function StepLegend({ names }: { readonly names: readonly string[] }) {
  return (
    <ul className="legend">
      {names.map((name, index) => (
        <li key={name}>
          <svg className="swatch" width="26" height="12" aria-hidden="true">
            <line
              x1="0"
              y1="6"
              x2="26"
              y2="6"
              stroke={runStyle(index).colour}
              strokeWidth="2"
              strokeDasharray={runStyle(index).dash}
            />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}
