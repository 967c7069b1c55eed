import { memo, useMemo } from 'react';
import { Line, LineChart, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import { axisText, BottomAxis } from '../../components/chart/BottomAxis.tsx';
import { Figure } from '../../components/chart/Figure.tsx';
import { runStyle } from '../../components/chart/StepChart.tsx';
import { series } from '../../components/chart/series.ts';
import { PlainTable } from '../../components/PlainTable.tsx';
import { documentName, type FlowFigures } from '../../lab/explore/embeddedFlow.ts';
import { layerLabel } from '../../lab/report/curves.ts';
import { flowEmbed } from '../../state/embed.ts';
import { useExplore } from '../../state/explore.ts';
import { useSettled } from './useSettled.ts';

/** Ranks on a logarithmic axis are labelled at these. */
const ticks = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/** Where chosen documents stand at every layer of both models. */
export function RankFlow({ embeddable = true }: { readonly embeddable?: boolean }) {
  // The lists come first; the charts, which take longer to draw, follow when the typing pauses.
  const answer = useSettled(useExplore((state) => state.answer));
  const documents = useExplore(({ opening }) => (opening.status === 'ready' ? opening.page.documents : 0));
  // Whatever changes what the frame shows brings another answer.
  const embed = useMemo(() => (answer && embeddable ? flowEmbed(answer) : null), [answer, embeddable]);
  return answer ? <FlowFigure figures={answer} documents={documents} embed={embed} /> : null;
}

interface FlowFigureProps {
  readonly figures: FlowFigures;
  /** How many were searched. */
  readonly documents: number;
  /** The address of this picture alone; null where it stands alone already. */
  readonly embed: string | null;
}

/** Ranks of documents by layer, a panel a model. */
export const FlowFigure = memo(function FlowFigure({ figures, documents, embed }: FlowFigureProps) {
  const lines = figures.flows[0]?.lines ?? [];
  const names = lines.map(({ document }) => nameOf(figures, document));
  return (
    <Figure
      title="Where documents stand, layer by layer"
      embed={embed}
      caption={`Rank of each document at every layer, 1 at the top, on a logarithmic scale.${embed ? ' Relevant documents of a picked query are drawn first; press any document below to add or take away its line.' : ''}`}
      entries={names.map((name, index) => ({ name, ...runStyle(index) }))}
      legend={
        <ul className="legend">
          {names.map((name, index) => (
            <li key={lines[index]!.document}>
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
      }
    >
      {figures.flows.map((flow) => (
        <FlowPanel key={flow.model} flow={flow} names={names} documents={documents} />
      ))}
      <FlowTable flows={figures.flows} names={names} />
    </Figure>
  );
});

function nameOf({ documents }: FlowFigures, document: number): string {
  const seen = documents[document];
  return seen ? documentName(seen.text) : String(document);
}

function FlowPanel({
  flow,
  names,
  documents,
}: {
  readonly flow: FlowFigures['flows'][number];
  readonly names: readonly string[];
  readonly documents: number;
}) {
  const title = series[flow.model].name;
  const rows = flow.layers.map((layer, position) => ({
    layer: layerLabel(layer),
    ...Object.fromEntries(flow.lines.map(({ ranks }, index) => [`line${index}`, ranks[position]!])),
  }));
  const most = Math.max(10, documents);
  return (
    <div className="panel" data-panel-title={title}>
      <h4>{title}</h4>
      <ResponsiveContainer width="100%" height={240}>
        <LineChart
          data={rows}
          margin={{ top: 8, right: 12, bottom: 18, left: 4 }}
          title={`${title}: rank by layer`}
          desc={describe(flow, names)}
        >
          <BottomAxis dataKey="layer" label="layer" />
          <YAxis
            width={52}
            scale="log"
            domain={[1, most]}
            reversed
            allowDataOverflow
            ticks={ticks.filter((tick) => tick <= most)}
            stroke="var(--axis)"
            tick={axisText}
          />
          {flow.lines.map(({ document }, index) => (
            <Line
              key={document}
              dataKey={`line${index}`}
              name={names[index]!}
              stroke={runStyle(index).colour}
              strokeDasharray={runStyle(index).dash}
              strokeWidth={2}
              dot={{ r: 3 }}
              isAnimationActive={false}
            />
          ))}
          <Tooltip
            contentStyle={{ background: 'var(--surface)', borderColor: 'var(--line)' }}
            labelFormatter={(label) => `layer ${String(label)}`}
            formatter={(rank) => `rank ${String(rank)}`}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

function describe({ layers, lines }: FlowFigures['flows'][number], names: readonly string[]): string {
  return lines
    .map(
      ({ ranks }, index) =>
        `${names[index]}: ${ranks.map((rank, i) => `${layerLabel(layers[i]!)} ${rank}`).join(', ')}`,
    )
    .join('. ');
}

function FlowTable({
  flows,
  names,
}: {
  readonly flows: FlowFigures['flows'];
  readonly names: readonly string[];
}) {
  const columns = flows.flatMap(({ model, layers }) =>
    layers.map((layer) => `${model.toUpperCase()} ${layerLabel(layer)}`),
  );
  return (
    <details className="flow-table">
      <summary>The ranks as a table</summary>
      <PlainTable
        table={{
          caption: 'Rank of each document by layer',
          columns: ['document', ...columns],
          rows: names.map((name, index) => [
            `${index + 1}. ${name}`,
            ...flows.flatMap(({ lines }) => lines[index]?.ranks.map(String) ?? []),
          ]),
        }}
      />
    </details>
  );
}
