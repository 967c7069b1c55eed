import type { TooltipContentProps } from 'recharts';
import { Swatch } from './Legend.tsx';
import type { ChartRow } from './rows.ts';
import { modelKinds } from './series.ts';

type LayerTooltipProps = Partial<Pick<TooltipContentProps, 'active' | 'payload'>> & {
  readonly queries: number;
  readonly format: (value: number) => string;
  /** The DE's final layer; null where there is none. */
  readonly final: number | null;
};

/** Numbers of one layer, with the number of queries that they are the mean of. */
export function LayerTooltip({ active, payload, queries, format, final }: LayerTooltipProps) {
  const row = payload?.[0]?.payload as ChartRow | undefined;
  if (!active || !row) return null;
  return (
    <div className="chart-tooltip">
      <p>{row.layer === 0 ? 'Embedding layer' : `Layer ${row.layer}`}</p>
      <dl>
        {modelKinds.map((model) => {
          const value = row[model];
          if (value === undefined) return null;
          const band = row[`${model}Band`];
          return (
            <div key={model}>
              <dt>
                <Swatch model={model} /> {model.toUpperCase()}
              </dt>
              <dd>
                {format(value)}
                {band ? ` [${format(band[0])}, ${format(band[1])}]` : ''}
              </dd>
            </div>
          );
        })}
        {final === null ? null : (
          <div>
            <dt>DE, final layer</dt>
            <dd>{format(final)}</dd>
          </div>
        )}
      </dl>
      <p className="quiet">{queries} queries</p>
    </div>
  );
}
