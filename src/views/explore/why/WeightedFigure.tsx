import { Area, ComposedChart, Line, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import { axisOf, axisText, BottomAxis } from '../../../components/chart/BottomAxis.tsx';
import { Figure } from '../../../components/chart/Figure.tsx';
import { roundScale } from '../../../components/chart/scale.ts';
import { modelKinds, series } from '../../../components/chart/series.ts';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { weightingSentences } from '../../../lab/explore/whySentences.ts';
import type { Table } from '../../../lab/formats/table.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { layerLabel, metricLabel, metricsOf } from '../../../lab/report/curves.ts';
import { useView } from '../../../state/view.ts';
import type { WeightedCurves } from '../../../state/why.ts';

const kinds = [
  { key: 'plain', name: 'Plain mean', dash: undefined },
  { key: 'weighted', name: 'IDF weights', dash: '6 3' },
] as const;

/** Curves under plain and under IDF-weighted pooling, with their intervals, and what they show in words. */
export function WeightedFigure({ curves }: { readonly curves: WeightedCurves }) {
  const { metric: chosen, bands } = useView();
  const known = metricsOf(curves.plain);
  const metric = known.includes(chosen) ? chosen : known[0]!;
  const table = curvesTable(curves, metric);
  const { queries = 0, documents = 0 } = curves.plain[0] ?? {};
  const top = [...curves.plain, ...curves.weighted].map(({ metrics, intervals }) =>
    Math.max(metrics[metric] ?? 0, bands ? (intervals[metric]?.[1] ?? 0) : 0),
  );
  const intervals =
    'Intervals are of one curve at a time, by bootstrap over the queries; both curves have the same queries, so that intervals that overlap do not show that nothing differs.';
  return (
    <>
      <section className="card" aria-label="What IDF weights did">
        <Choices metrics={known} metric={metric} />
        <ul>
          {weightingSentences(curves.plain, curves.weighted, metric).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {curves.notes.map((note) => (
          <p key={note} className="quiet">
            {note}
          </p>
        ))}
      </section>
      <Figure
        title={`${metricLabel(metric)} by layer, plain mean and IDF weights`}
        data={table}
        entries={kinds.map(({ name, dash }) => ({ name, colour: 'var(--ink)', dash }))}
        legend={<KindLegend bands={bands} />}
        caption={`${queries} queries, ${documents} documents. One query is ${(1 / Math.max(1, queries)).toFixed(3)} of Hits: smaller differences say nothing.${bands ? ` ${intervals}` : ''}`}
      >
        {modelKinds.map((model) => (
          <WeightsPanel
            key={model}
            model={model}
            rows={rowsOf(curves, model, metric)}
            metric={metric}
            top={top}
            bands={bands}
          />
        ))}
        <details className="flow-table">
          <summary>The curves as a table</summary>
          <PlainTable table={table} />
        </details>
      </Figure>
    </>
  );
}

function Choices({ metrics, metric }: { readonly metrics: readonly string[]; readonly metric: string }) {
  const { bands, setBands, setMetric } = useView();
  return (
    <div className="result-tools">
      <SelectField
        label="Metric"
        value={metric}
        options={metrics.map((one) => [one, metricLabel(one)] as const)}
        onChange={setMetric}
      />
      <label className="check">
        <input type="checkbox" checked={bands} onChange={(event) => setBands(event.target.checked)} />
        95 % intervals
      </label>
    </div>
  );
}

function KindLegend({ bands }: { readonly bands: boolean }) {
  return (
    <ul className="legend">
      {kinds.map(({ key, name, dash }) => (
        <li key={key}>
          <svg className="swatch" width="26" height="12" aria-hidden="true">
            {bands ? <rect width="26" height="12" {...bandStyle(key, 'var(--ink)')} /> : null}
            <line x1="0" y1="6" x2="26" y2="6" stroke="var(--ink)" strokeWidth="2" strokeDasharray={dash} />
          </svg>{' '}
          {name}
          {bands ? ', 95 % interval' : ''}
        </li>
      ))}
    </ul>
  );
}

/** Bands of one colour are told apart by their edge: that of the IDF weights is dashed, as their line is. */
function bandStyle(kind: (typeof kinds)[number]['key'], colour: string) {
  return kind === 'plain'
    ? { fill: colour, fillOpacity: 0.16, stroke: 'none' }
    : { fill: 'none', fillOpacity: 0, stroke: colour, strokeWidth: 1, strokeDasharray: '2 2' };
}

type Interval = readonly [number, number];

interface WeightsRow {
  readonly layer: string;
  readonly plain: number | null;
  readonly weighted: number | null;
  readonly plainBand?: Interval;
  readonly weightedBand?: Interval;
}

function rowsOf({ plain, weighted }: WeightedCurves, model: ModelKind, metric: string): WeightsRow[] {
  return plain
    .filter((row) => row.model === model)
    .toSorted((a, b) => a.layer - b.layer)
    .map((one) => {
      const other = weighted.find((row) => row.model === model && row.layer === one.layer);
      const [plainBand, weightedBand] = [one.intervals[metric], other?.intervals[metric]];
      return {
        layer: layerLabel(one.layer),
        plain: one.metrics[metric] ?? null,
        weighted: other?.metrics[metric] ?? null,
        ...(plainBand ? { plainBand } : {}),
        ...(weightedBand ? { weightedBand } : {}),
      };
    });
}

function curvesTable(curves: WeightedCurves, metric: string): Table {
  const ends = (band: Interval | undefined) => [band?.[0] ?? null, band?.[1] ?? null];
  return {
    caption: `${metricLabel(metric)} by layer, plain mean and IDF weights, with 95 % intervals`,
    columns: [
      'layer',
      'model',
      'plain mean',
      'plain mean, from',
      'plain mean, to',
      'IDF weights',
      'IDF weights, from',
      'IDF weights, to',
    ],
    rows: modelKinds.flatMap((model) =>
      rowsOf(curves, model, metric).map(({ layer, plain, weighted, plainBand, weightedBand }) => [
        `${model.toUpperCase()} ${layer}`,
        model.toUpperCase(),
        plain,
        ...ends(plainBand),
        weighted,
        ...ends(weightedBand),
      ]),
    ),
  };
}

interface WeightsPanelProps {
  readonly model: ModelKind;
  readonly rows: readonly WeightsRow[];
  readonly metric: string;
  readonly top: readonly number[];
  readonly bands: boolean;
}

function WeightsPanel({ model, rows, metric, top, bands }: WeightsPanelProps) {
  const { name, colour } = series[model];
  return (
    <div className="panel" data-panel-title={name}>
      <h4>{name}</h4>
      <ResponsiveContainer width="100%" height={220}>
        <ComposedChart
          data={[...rows]}
          margin={{ top: 8, right: 12, bottom: 18, left: 0 }}
          title={`${name}: ${metricLabel(metric)} by layer`}
          desc={rows.map(inWords).join('. ')}
        >
          <BottomAxis dataKey="layer" label="layer" />
          <YAxis {...axisOf(roundScale(top))} width={40} stroke="var(--axis)" tick={axisText} />
          {bands
            ? kinds.map(({ key }) => (
                <Area
                  key={`${key}-band`}
                  dataKey={`${key}Band`}
                  {...bandStyle(key, colour)}
                  activeDot={false}
                  isAnimationActive={false}
                  tooltipType="none"
                  connectNulls
                />
              ))
            : null}
          {kinds.map(({ key, name: kind, dash }) => (
            <Line
              key={key}
              dataKey={key}
              name={kind}
              stroke={colour}
              strokeWidth={2}
              strokeDasharray={dash}
              dot={{ r: 3 }}
              isAnimationActive={false}
            />
          ))}
          <Tooltip
            contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
            labelFormatter={(label) => `layer ${String(label)}`}
            formatter={(value, kind, { payload }) => {
              const row = payload as WeightsRow;
              return withInterval(Number(value), kind === kinds[0].name ? row.plainBand : row.weightedBand);
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function withInterval(value: number, band: Interval | undefined): string {
  return `${value.toFixed(3)}${band ? ` [${band[0].toFixed(3)}, ${band[1].toFixed(3)}]` : ''}`;
}

function inWords({ layer, plain, weighted, plainBand, weightedBand }: WeightsRow): string {
  const one = (value: number | null, band: Interval | undefined): string =>
    value === null ? 'none' : withInterval(value, band);
  return `${layer}: ${one(plain, plainBand)} plain, ${one(weighted, weightedBand)} by IDF`;
}
