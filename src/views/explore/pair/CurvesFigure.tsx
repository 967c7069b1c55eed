import { Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import { axisOf, axisText, BottomAxis } from '../../../components/chart/BottomAxis.tsx';
import { Figure } from '../../../components/chart/Figure.tsx';
import { ModelLegend } from '../../../components/chart/Legend.tsx';
import { Marker } from '../../../components/chart/Marker.tsx';
import { roundScale } from '../../../components/chart/scale.ts';
import { modelKinds, series } from '../../../components/chart/series.ts';
import { layersOf } from '../../../lab/explore/pairDocument.ts';
import type { SeenPair } from '../../../lab/explore/seenPair.ts';
import type { Table } from '../../../lab/formats/table.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import type { PairFigureProps } from './pairFigure.ts';

interface Row {
  readonly layer: string;
  readonly ce: number | null;
  readonly de: number | null;
}

type Measure = 'cosine' | 'maxSim';

function rowsOf(seen: SeenPair, measure: Measure): Row[] {
  const at = (kind: ModelKind, layer: number): number | null => {
    const found = seen.apart[kind].layers.find((one) => one.layer === layer);
    if (!found) return null;
    return measure === 'cosine' ? found.cosine : found.maxSim.score;
  };
  return layersOf(seen).map((layer) => ({
    layer: layerLabel(layer),
    ce: at('ce', layer),
    de: at('de', layer),
  }));
}

/** How alike both models find the two texts at every layer. */
export function CurvesFigure({ seen, layer, embed }: PairFigureProps) {
  const cosines = rowsOf(seen, 'cosine');
  const sums = rowsOf(seen, 'maxSim');
  const table: Table = {
    caption: 'Similarity of the two texts by layer',
    columns: ['layer', 'CE cosine', 'DE cosine', 'CE MaxSim', 'DE MaxSim'],
    rows: cosines.map(({ layer: name, ce, de }, index) => [name, ce, de, sums[index]!.ce, sums[index]!.de]),
  };
  return (
    <Figure
      embed={embed}
      title="How alike the texts are, layer by layer"
      caption="Each text is read by itself, by the CE paired with itself. Cosine compares the pooled vectors that layers search with; MaxSim is the sum over the query’s tokens of the largest cosine to a token of the document, so it grows with the query’s length."
      legend={<ModelLegend />}
      data={table}
      json={{ texts: seen.texts, models: seen.models, cosine: cosines, maxSim: sums }}
      readable
    >
      <Curves title="Cosine of the pooled vectors" rows={cosines} layer={layer} />
      <Curves title="MaxSim of the tokens" rows={sums} layer={layer} />
    </Figure>
  );
}

function Curves({
  title,
  rows,
  layer,
}: {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly layer: number;
}) {
  const values = rows.flatMap(({ ce, de }) => [ce, de]).filter((value) => value !== null);
  return (
    <div className="panel" data-panel-title={title}>
      <h4>{title}</h4>
      <ResponsiveContainer width="100%" height={200}>
        <LineChart
          data={[...rows]}
          margin={{ top: 8, right: 12, bottom: 18, left: 4 }}
          title={`${title} by layer`}
          desc={describe(rows)}
        >
          <BottomAxis dataKey="layer" label="layer" />
          <YAxis width={44} {...axisOf(roundScale(values))} stroke="var(--axis)" tick={axisText} />
          <ReferenceLine x={layerLabel(layer)} stroke="var(--mark)" strokeWidth={10} strokeOpacity={0.25} />
          {modelKinds.map((model) => (
            <Line
              key={model}
              dataKey={model}
              name={model.toUpperCase()}
              stroke={series[model].colour}
              strokeDasharray={series[model].dash}
              strokeWidth={2}
              isAnimationActive={false}
              dot={({ key, cx, cy }) => <Marker key={key} model={model} x={cx ?? 0} y={cy ?? 0} />}
            />
          ))}
          <Tooltip
            contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)' }}
            labelFormatter={(label) => `layer ${String(label)}`}
            formatter={(value) => (typeof value === 'number' ? value.toFixed(3) : String(value))}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

function describe(rows: readonly Row[]): string {
  return modelKinds
    .map(
      (model) =>
        `${series[model].name}: ${rows.map((row) => `${row.layer} ${row[model]?.toFixed(3) ?? 'none'}`).join(', ')}`,
    )
    .join('. ');
}
