import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../base/userError.ts';
import { type Table, toCsv, toJson } from '../../lab/formats/table.ts';
import { download, fileName } from '../download.ts';
import { PlainTable } from '../PlainTable.tsx';
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
  /** Kept as JSON in place of `data`, where there is more to it. */
  readonly json?: unknown;
  /** Whether `data` is read below the picture too. */
  readonly readable?: boolean;
  readonly legend: ReactNode;
  readonly children: ReactNode;
}

/** Takes what draws each figure inside as an SVG, by the figures' titles, so that several can be kept as one. */
export const FiguresInside = createContext<Map<string, () => SVGSVGElement> | null>(null);

/** Charts that belong together, with their caption and a way to keep them as a file. */
export function Figure({
  title,
  caption,
  reference,
  series,
  entries = entriesOf(reference, series),
  embed,
  data,
  json,
  readable = false,
  legend,
  children,
}: FigureProps) {
  const charts = useRef<HTMLDivElement>(null);
  const inside = useContext(FiguresInside);
  const draw = (): SVGSVGElement => figureToSvg(charts.current!, title, entries);
  useEffect(() => {
    inside?.set(title, draw);
    return () => void inside?.delete(title);
  });
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    try {
      const svg = draw();
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
          {data ? <DataButtons title={title} data={data} json={json} /> : null}
        </div>
      </div>
      {legend}
      <div ref={charts} className="panels">
        {children}
      </div>
      <figcaption>{caption}</figcaption>
      {data && readable ? <FiguresBehind table={data} /> : null}
      {failure ? <Problem>{failure}</Problem> : null}
      {embed ? <EmbedSnippet title={title} hash={embed} /> : null}
    </figure>
  );
}

function DataButtons({
  title,
  data,
  json,
}: {
  readonly title: string;
  readonly data: Table;
  readonly json: unknown;
}) {
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
        onClick={() =>
          download(
            `${name}.json`,
            json === undefined ? toJson(data) : `${JSON.stringify(json, null, 1)}\n`,
            'application/json',
          )
        }
      >
        JSON
      </button>
    </>
  );
}

/** Drawn when it is opened: of two long texts it has thousands of cells. */
function FiguresBehind({ table }: { readonly table: Table }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The figures as a table</summary>
      {open ? <PlainTable table={table} /> : null}
    </details>
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
