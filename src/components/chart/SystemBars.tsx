import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axisOf, axisText } from './BottomAxis.tsx';
import { roundScale } from './scale.ts';

/** What the bars are, for the legend. */
export const barEntries = [
  { name: 'retrieve', colour: 'var(--de)', dash: undefined },
  { name: 'retrieve + rerank', colour: 'var(--ce)', dash: undefined },
] as const;

interface SystemBarsProps {
  readonly title: string;
  /** For each system one value before and one after reranking. */
  readonly bars: readonly { readonly system: string; readonly values: readonly (number | null)[] }[];
}

/** A metric of each system, before and after reranking. */
export function SystemBars({ title, bars }: SystemBarsProps) {
  const data = bars.map(({ system, values: [retrieve, rerank] }) => ({ system, retrieve, rerank }));
  const scale = roundScale(bars.flatMap(({ values }) => values.filter((value) => value !== null)));
  const reranked = bars.some(({ values }) => typeof values[1] === 'number');
  return (
    <ResponsiveContainer width="100%" height={60 + 38 * bars.length}>
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 8, right: 16, bottom: 8, left: 4 }}
        barGap={1}
        title={title}
        desc={bars
          .map(
            ({ system, values: [before, after] }) =>
              `${system}: ${before?.toFixed(3) ?? 'none'}${typeof after === 'number' ? `, reranked ${after.toFixed(3)}` : ''}`,
          )
          .join('. ')}
      >
        <CartesianGrid stroke="var(--grid)" horizontal={false} />
        <XAxis type="number" {...axisOf(scale)} stroke="var(--axis)" tick={axisText} />
        <YAxis type="category" dataKey="system" width={130} stroke="var(--axis)" tick={axisText} />
        <Bar
          dataKey="retrieve"
          name={barEntries[0].name}
          fill="var(--de)"
          fillOpacity={0.45}
          stroke="var(--de)"
          isAnimationActive={false}
        />
        {reranked ? (
          <Bar
            dataKey="rerank"
            name={barEntries[1].name}
            fill="var(--ce)"
            stroke="var(--ce)"
            isAnimationActive={false}
          />
        ) : null}
        <Tooltip
          cursor={{ fill: 'var(--mark)', fillOpacity: 0.15 }}
          formatter={(value) => (typeof value === 'number' ? value.toFixed(3) : String(value))}
          contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

export function BarLegend() {
  return (
    <ul className="legend">
      {barEntries.map(({ name, colour }) => (
        <li key={name}>
          <svg className="swatch" width="14" height="12" aria-hidden="true">
            <rect width="14" height="12" fill={colour} />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}
