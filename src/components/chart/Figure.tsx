import { type ReactNode, useRef, useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { type Table, toCsv, toJson } from '../../lab/formats/table.ts';
import { download, fileName } from '../download.ts';
import { Problem } from '../Problem.tsx';
import { EmbedSnippet } from './EmbedSnippet.tsx';
import { figureToSvg, type LegendEntry, pngBlob, svgBlob } from './exportFigure.ts';
import { runStyle } from './StepChart.tsx';
import { modelKinds, series as modelSeries } from './series.ts';

interface FigureProps {
  readonly title: string;
  readonly caption: ReactNode;
  /** What the dotted line is, for the exported legend, where there is one. */
  readonly reference?: string;
  /** The exported legend, where the charts draw neither layers nor runs. */
  readonly entries?: readonly LegendEntry[];
  /** Names of the lines where they are runs; else they are the CE and the DE. */
  readonly series?: readonly string[];
  /** The address of this picture alone, where it can stand on another page. */
  readonly embed?: string | null;
  /** The numbers that are drawn, to be kept as CSV and JSON. */
  readonly data?: Table;
  readonly legend: ReactNode;
  readonly children: ReactNode;
}

/** Charts that belong together, with their caption and a way to keep them as a file. */
export function Figure({
  title,
  caption,
  reference,
  series,
  entries = entriesOf(reference, series),
  embed,
  data,
  legend,
  children,
}: FigureProps) {
  const charts = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    try {
      const svg = figureToSvg(charts.current!, title, entries);
      download(`${fileName(title)}.${kind}`, kind === 'svg' ? svgBlob(svg) : await pngBlob(svg));
      setFailure(null);
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  };
  return (
    <figure className="figure" aria-label={title}>
      <div className="figure-head">
        <h3>{title}</h3>
        <div className="button-row">
          <button type="button" className="small" onClick={() => void save('png')}>
            PNG
          </button>
          <button type="button" className="small" onClick={() => void save('svg')}>
            SVG
          </button>
          {data ? <DataButtons title={title} data={data} /> : null}
        </div>
      </div>
      {legend}
      <div ref={charts} className="panels">
        {children}
      </div>
      <figcaption>{caption}</figcaption>
      {failure ? <Problem>{failure}</Problem> : null}
      {embed ? <EmbedSnippet title={title} hash={embed} /> : null}
    </figure>
  );
}

function DataButtons({ title, data }: { readonly title: string; readonly data: Table }) {
  const name = fileName(title);
  return (
    <>
      <button
        type="button"
        className="small"
        onClick={() => download(`${name}.csv`, toCsv(data), 'text/csv')}
      >
        CSV
      </button>
      <button
        type="button"
        className="small"
        onClick={() => download(`${name}.json`, toJson(data), 'application/json')}
      >
        JSON
      </button>
    </>
  );
}

function entriesOf(
  reference: string | undefined,
  runs: readonly string[] | undefined,
): readonly LegendEntry[] {
  const lines = runs
    ? runs.map((name, index) => ({ name, ...runStyle(index) }))
    : modelKinds.map((model) => modelSeries[model]);
  const colour = runs ? 'var(--axis)' : modelSeries.de.colour;
  return reference === undefined ? lines : [...lines, { name: reference, colour, dash: '2 3' }];
}
