import { memo } from 'react';
import { Area, ComposedChart, Line, ReferenceLine, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import { finalOfDe, layerLabel, type Panel } from '../../lab/report/curves.ts';
import { axisOf, axisText, BottomAxis } from './BottomAxis.tsx';
import { LayerTooltip } from './LayerTooltip.tsx';
import { Marker } from './Marker.tsx';
import { chartRows } from './rows.ts';
import { sameChart } from './sameChart.ts';
import { roundScale } from './scale.ts';
import { modelKinds, series } from './series.ts';

interface LayerChartProps {
  readonly panel: Panel;
  readonly title: string;
  readonly metric: string;
  readonly top: number;
  readonly bands: boolean;
  readonly layer: number | null;
}

/** A metric by layer, CE and DE, with the DE's final layer as a reference line. */
export const LayerChart = memo(function LayerChart({
  panel,
  title,
  metric,
  top,
  bands,
  layer,
}: LayerChartProps) {
  const rows = chartRows(panel);
  const final = finalOfDe(panel);
  return (
    <ResponsiveContainer width="100%" height={220}>
      <ComposedChart
        data={rows}
        margin={{ top: 8, right: 12, bottom: 18, left: 0 }}
        title={`${title}: ${metric} by layer`}
        desc={describe(panel)}
        syncId="layers"
      >
        <BottomAxis dataKey="label" label="layer" />
        <YAxis {...axisOf(roundScale([top]))} width={40} stroke="var(--axis)" tick={axisText} />
        {layer === null ? null : (
          <ReferenceLine x={layerLabel(layer)} stroke="var(--mark)" strokeWidth={10} strokeOpacity={0.25} />
        )}
        {bands
          ? modelKinds.map((model) => (
              <Area
                key={`${model}-band`}
                dataKey={`${model}Band`}
                stroke="none"
                fill={series[model].colour}
                fillOpacity={0.16}
                activeDot={false}
                isAnimationActive={false}
                connectNulls
              />
            ))
          : null}
        {final === null ? null : (
          <ReferenceLine y={final} stroke="var(--de)" strokeDasharray="2 3" strokeWidth={1.5} />
        )}
        {modelKinds.map((model) => (
          <Line
            key={model}
            dataKey={model}
            stroke={series[model].colour}
            strokeWidth={2}
            strokeDasharray={series[model].dash}
            isAnimationActive={false}
            connectNulls
            dot={({ key, cx, cy }) => <Marker key={key} model={model} x={cx ?? 0} y={cy ?? 0} />}
            activeDot={({ key, cx, cy }) => <Marker key={key} model={model} x={cx ?? 0} y={cy ?? 0} strong />}
          />
        ))}
        <Tooltip
          content={(given) => (
            <LayerTooltip
              active={given.active}
              payload={given.payload}
              queries={panel.queries}
              final={final}
              format={(value) => value.toFixed(3)}
            />
          )}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}, sameChart);

/** The curves in words, for those who hear the page. */
function describe({ curves }: Panel): string {
  return curves
    .map(
      ({ model, points }) =>
        `${series[model].name}: ${points.map(({ layer, value }) => `${layerLabel(layer)} ${value.toFixed(3)}`).join(', ')}`,
    )
    .join('. ');
}
