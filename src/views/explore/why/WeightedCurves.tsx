import { Line, LineChart, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import { duration } from '../../../base/units.ts';
import { axisOf, axisText, BottomAxis } from '../../../components/chart/BottomAxis.tsx';
import { Figure } from '../../../components/chart/Figure.tsx';
import { roundScale } from '../../../components/chart/scale.ts';
import { modelKinds, series } from '../../../components/chart/series.ts';
import { RadioField } from '../../../components/form/RadioField.tsx';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { weightingSentences } from '../../../lab/explore/whySentences.ts';
import type { Table } from '../../../lab/formats/table.ts';
import type { ModelKind } from '../../../lab/models/types.ts';
import { layerLabel, metricLabel, metricsOf } from '../../../lab/report/curves.ts';
import { useExplore } from '../../../state/explore.ts';
import { useSettings } from '../../../state/settings.ts';
import { useView } from '../../../state/view.ts';
import {
  askWhy,
  cancelCurves,
  computeCurves,
  curvesKey,
  useWhy,
  type WeightedCurves as Weighted,
} from '../../../state/why.ts';

const kinds = [
  { name: 'Plain mean', dash: undefined },
  { name: 'IDF weights', dash: '6 3' },
] as const;

/** Every layer's search with tokens counted alike and by their IDF, computed when it is asked for. */
export function WeightedCurves() {
  const curves = useWhy((state) => state.curves);
  const key = useKey();
  const running = curves.status === 'running';
  return (
    <>
      <section className="card" aria-labelledby="why-curves">
        <h3 id="why-curves">What IDF weights do to the layers</h3>
        <p>
          Each layer searches twice: with the plain mean over a text’s tokens, and with the mean weighted by
          their IDF. If weights change little, the states hold it already, or it does not matter here.
        </p>
        <ExtentField disabled={running} />
        <Cost />
        <div className="button-row">
          <button type="button" disabled={running} onClick={() => void computeCurves()}>
            Compute the curves
          </button>
          {running ? (
            <button type="button" onClick={cancelCurves}>
              Cancel
            </button>
          ) : null}
        </div>
        {curves.status === 'running' ? <p role="status">{curves.text}…</p> : null}
        {curves.status === 'cancelled' ? <p role="status">Cancelled. What was embedded is kept.</p> : null}
        {curves.status === 'failed' ? <Problem>{curves.sentence}</Problem> : null}
        {curves.status === 'ready' && curves.value.key !== key ? (
          <p role="status">The curves were of other settings; compute them again.</p>
        ) : null}
      </section>
      {curves.status === 'ready' && curves.value.key === key ? <Drawn curves={curves.value} /> : null}
    </>
  );
}

/** What the curves of the present choice are known by; read anew as any part of the choice changes. */
function useKey(): string {
  useSettings((state) => state.spec);
  useExplore((state) => state.asked.collection);
  useWhy((state) => state.asked.extent);
  return curvesKey();
}

function ExtentField({ disabled }: { readonly disabled: boolean }) {
  const extent = useWhy((state) => state.asked.extent);
  return (
    <RadioField
      legend="Computed on"
      value={extent}
      disabled={disabled}
      options={[
        [
          'sample',
          'the sample of the settings',
          '(50 queries and 200 documents unless chosen otherwise on Layers)',
        ],
        ['all', 'all queries and documents'],
      ]}
      onChange={(one) => askWhy({ extent: one })}
    />
  );
}

/** What pressing the button takes. */
function Cost() {
  const estimate = useWhy((state) => state.estimate);
  if (estimate.status === 'loading') return <p className="quiet">Estimating…</p>;
  if (estimate.status === 'failed') return <Problem>{estimate.sentence}</Problem>;
  const { texts, seconds, basis } = estimate.value;
  return (
    <p className="quiet">
      Two runs of {texts.toLocaleString('en')} texts by every layer of both models
      {seconds === null ? '' : `, about ${duration(2 * seconds)} at the pace of ${basis}`}. What is embedded
      already takes no time.
    </p>
  );
}

function Drawn({ curves }: { readonly curves: Weighted }) {
  const chosen = useView((state) => state.metric);
  const setMetric = useView((state) => state.setMetric);
  const known = metricsOf(curves.plain);
  const metric = known.includes(chosen) ? chosen : known[0]!;
  const name = metricLabel(metric);
  const table = curvesTable(curves, metric);
  const { queries = 0, documents = 0 } = curves.plain[0] ?? {};
  const top = [...curves.plain, ...curves.weighted].map(({ metrics }) => metrics[metric] ?? 0);
  return (
    <>
      <section className="card" aria-label="What IDF weights did">
        <SelectField
          label="Metric"
          value={metric}
          options={known.map((one) => [one, metricLabel(one)] as const)}
          onChange={setMetric}
        />
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
        title={`${name} by layer, plain mean and IDF weights`}
        data={table}
        entries={kinds.map(({ name: kind, dash }) => ({ name: kind, colour: 'var(--ink)', dash }))}
        legend={<KindLegend />}
        caption={`${queries} queries, ${documents} documents. One query is ${(1 / Math.max(1, queries)).toFixed(3)} of Hits: smaller differences say nothing.`}
      >
        {modelKinds.map((model) => (
          <WeightsPanel key={model} model={model} curves={curves} metric={metric} top={top} />
        ))}
        <details className="flow-table">
          <summary>The curves as a table</summary>
          <PlainTable table={table} />
        </details>
      </Figure>
    </>
  );
}

function KindLegend() {
  return (
    <ul className="legend">
      {kinds.map(({ name, dash }) => (
        <li key={name}>
          <svg className="swatch" width="26" height="12" aria-hidden="true">
            <line x1="0" y1="6" x2="26" y2="6" stroke="var(--ink)" strokeWidth="2" strokeDasharray={dash} />
          </svg>{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}

interface WeightsRow {
  readonly layer: string;
  readonly plain: number | null;
  readonly weighted: number | null;
}

function rowsOf({ plain, weighted }: Weighted, model: ModelKind, metric: string): WeightsRow[] {
  return plain
    .filter((row) => row.model === model)
    .toSorted((a, b) => a.layer - b.layer)
    .map(({ layer, metrics }) => ({
      layer: layerLabel(layer),
      plain: metrics[metric] ?? null,
      weighted: weighted.find((row) => row.model === model && row.layer === layer)?.metrics[metric] ?? null,
    }));
}

function curvesTable(curves: Weighted, metric: string): Table {
  return {
    caption: `${metricLabel(metric)} by layer, plain mean and IDF weights`,
    columns: ['layer', 'model', 'plain mean', 'IDF weights'],
    rows: modelKinds.flatMap((model) =>
      rowsOf(curves, model, metric).map(({ layer, plain, weighted }) => [
        `${model.toUpperCase()} ${layer}`,
        model.toUpperCase(),
        plain,
        weighted,
      ]),
    ),
  };
}

function WeightsPanel({
  model,
  curves,
  metric,
  top,
}: {
  readonly model: ModelKind;
  readonly curves: Weighted;
  readonly metric: string;
  readonly top: readonly number[];
}) {
  const { name, colour } = series[model];
  const rows = rowsOf(curves, model, metric);
  return (
    <div className="panel" data-panel-title={name}>
      <h4>{name}</h4>
      <ResponsiveContainer width="100%" height={220}>
        <LineChart
          data={rows}
          margin={{ top: 8, right: 12, bottom: 18, left: 0 }}
          title={`${name}: ${metricLabel(metric)} by layer`}
          desc={rows
            .map(
              ({ layer, plain, weighted }) =>
                `${layer}: ${plain?.toFixed(3)} plain, ${weighted?.toFixed(3)} by IDF`,
            )
            .join('. ')}
        >
          <BottomAxis dataKey="layer" label="layer" />
          <YAxis {...axisOf(roundScale(top))} width={40} stroke="var(--axis)" tick={axisText} />
          {(['plain', 'weighted'] as const).map((key, index) => (
            <Line
              key={key}
              dataKey={key}
              name={kinds[index]!.name}
              stroke={colour}
              strokeWidth={2}
              strokeDasharray={kinds[index]!.dash}
              dot={{ r: 3 }}
              isAnimationActive={false}
            />
          ))}
          <Tooltip
            contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)', color: 'var(--ink)' }}
            labelFormatter={(label) => `layer ${String(label)}`}
            formatter={(value) => (typeof value === 'number' ? value.toFixed(3) : String(value))}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
