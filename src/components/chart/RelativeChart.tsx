import { memo } from 'react';
import { Bar, BarChart, ReferenceLine, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import type { Panel } from '../../lab/report/curves.ts';
import { axisOf, axisText, BottomAxis } from './BottomAxis.tsx';
import { LayerTooltip } from './LayerTooltip.tsx';
import { chartRows } from './rows.ts';
import { sameChart } from './sameChart.ts';
import { roundScale } from './scale.ts';
import { modelKinds, series } from './series.ts';

interface RelativeChartProps {
  /** Shares of the DE's final value, 1 being as good; see relativeToFinal. */
  readonly panel: Panel;
  readonly title: string;
  readonly metric: string;
  readonly top: number;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)}%`;

/** Each layer relative to the DE's final output, as the paper's Figures 4 and 5. */
export const RelativeChart = memo(function RelativeChart({ panel, title, metric, top }: RelativeChartProps) {
  return (
    <ResponsiveContainer width="100%" height={200}>
      <BarChart
        data={chartRows(panel)}
        margin={{ top: 8, right: 12, bottom: 18, left: 4 }}
        barGap={1}
        title={`${title}: ${metric} relative to the DE's final layer`}
        syncId="layers"
      >
        <BottomAxis dataKey="label" label="layer" />
        <YAxis
          {...axisOf(roundScale([top]))}
          width={48}
          stroke="var(--axis)"
          tick={axisText}
          tickFormatter={percent}
        />
        <ReferenceLine y={1} stroke="var(--de)" strokeDasharray="2 3" strokeWidth={1.5} />
        {modelKinds.map((model) => (
          <Bar
            key={model}
            dataKey={model}
            fill={series[model].colour}
            fillOpacity={model === 'ce' ? 1 : 0.45}
            stroke={series[model].colour}
            isAnimationActive={false}
          />
        ))}
        <Tooltip
          cursor={{ fill: 'var(--mark)', fillOpacity: 0.15 }}
          content={(given) => (
            <LayerTooltip
              active={given.active}
              payload={given.payload}
              queries={panel.queries}
              final={null}
              format={percent}
            />
          )}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}, sameChart);
