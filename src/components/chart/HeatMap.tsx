import { type KeyboardEvent, type MouseEvent, useState } from 'react';
import { type HeatScale, heatScale, shadePaths, shades } from './heatScale.ts';

interface HeatMapProps {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** (rows, columns) */
  readonly values: Float32Array;
  /** What a value is, for the legend and those who hear the page. */
  readonly unit: string;
  /** Of the strongest shade, and below zero. */
  readonly colour: string;
  readonly below?: string;
  readonly format: (value: number) => string;
  /** The column of each row that is framed. */
  readonly framed?: readonly number[];
  /** Stands behind each row. */
  readonly behind?: readonly string[];
}

const letter = 7.4;
const longest = 18;
const legendHeight = 54;

interface Layout {
  readonly cell: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const shortened = (name: string): string => (name.length > longest ? `${name.slice(0, longest)}…` : name);
const widest = (names: readonly string[]): number =>
  names.reduce((most, name) => Math.max(most, shortened(name).length), 0) * letter;

function layoutOf({ rows, columns, behind = [] }: HeatMapProps): Layout {
  const cell = columns.length <= 40 ? 22 : columns.length <= 90 ? 16 : 12;
  const left = widest(rows) + 10;
  // Column names lean by 55 degrees.
  const top = widest(columns) * 0.82 + 14;
  const right = Math.max(widest(behind) + 12, widest(columns.slice(-4)) * 0.58 + 8);
  return {
    cell,
    left,
    top,
    width: Math.max(left + columns.length * cell + right, 300),
    height: top + rows.length * cell + legendHeight,
  };
}

/** Where an arrow key leads from a cell. */
function moved(key: string, { row, column }: Cell): Cell | null {
  if (key === 'ArrowDown') return { row: row + 1, column };
  if (key === 'ArrowUp') return { row: row - 1, column };
  if (key === 'ArrowRight') return { row, column: column + 1 };
  return key === 'ArrowLeft' ? { row, column: column - 1 } : null;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A matrix in shades. The mouse and the arrow keys read its cells; colours stand for values as its legend says. */
export function HeatMap(props: HeatMapProps) {
  const { title, rows, columns, values, unit, format } = props;
  const [read, setRead] = useState<Cell | null>(null);
  const layout = layoutOf(props);
  const scale = heatScale(values, props.below !== undefined);
  const inside = ({ row, column }: Cell): boolean =>
    row >= 0 && row < rows.length && column >= 0 && column < columns.length;
  const follow = (event: KeyboardEvent): void => {
    const next = read ? moved(event.key, read) : event.key.startsWith('Arrow') ? { row: 0, column: 0 } : null;
    if (!next) return;
    event.preventDefault();
    if (inside(next)) setRead(next);
  };
  const point = (event: MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = {
      row: Math.floor((event.clientY - box.top - layout.top) / layout.cell),
      column: Math.floor((event.clientX - box.left - layout.left) / layout.cell),
    };
    setRead(inside(cell) ? cell : null);
  };
  const shown = read && inside(read) ? read : null;
  const value = shown ? values[shown.row * columns.length + shown.column]! : 0;
  return (
    <div className="panel" data-panel-title={title}>
      <h4>{title}</h4>
      <section
        className="heat-map"
        aria-label={`${title}; arrow keys read its cells`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls, and whose cells the arrow keys read.
        tabIndex={0}
        onKeyDown={follow}
      >
        <svg
          data-chart=""
          role="img"
          aria-label={`${title}: ${unit}, ${rows.length} rows by ${columns.length} columns, from ${format(scale.low)} to ${format(scale.high)}.`}
          width={layout.width}
          height={layout.height}
          onMouseMove={point}
          onMouseLeave={() => setRead(null)}
        >
          <Names {...props} layout={layout} />
          <Shades {...props} layout={layout} scale={scale} />
          {shown ? (
            <rect
              className="chart-cursor"
              x={layout.left + shown.column * layout.cell}
              y={layout.top + shown.row * layout.cell}
              width={layout.cell}
              height={layout.cell}
              fill="none"
              stroke="var(--ink)"
              strokeWidth={2}
            />
          ) : null}
          <ScaleLegend {...props} layout={layout} scale={scale} />
        </svg>
      </section>
      <p className="quiet" aria-live="polite">
        {shown
          ? `${rows[shown.row]} and ${columns[shown.column]}: ${format(value)}`
          : 'Point at a cell, or use the arrow keys, to read it.'}
      </p>
    </div>
  );
}

function Names({ rows, columns, behind, layout }: HeatMapProps & { readonly layout: Layout }) {
  const { cell, left, top } = layout;
  const size = Math.min(12, cell);
  return (
    <g fontSize={size} fill="var(--ink)">
      {rows.map((name, row) => {
        const y = top + (row + 0.5) * cell + size * 0.35;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word stands in a text more than once
          <g key={row}>
            <text x={left - 6} y={y} textAnchor="end">
              {shortened(name)}
            </text>
            {behind ? (
              <text x={left + columns.length * cell + 6} y={y} fill="var(--quiet)">
                {behind[row]}
              </text>
            ) : null}
          </g>
        );
      })}
      {columns.map((name, column) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: a word stands in a text more than once
          key={column}
          transform={`translate(${left + (column + 0.6) * cell} ${top - 5}) rotate(-55)`}
        >
          {shortened(name)}
        </text>
      ))}
    </g>
  );
}

function Shades({
  rows,
  columns,
  values,
  colour,
  below,
  framed = [],
  layout: { cell, left, top },
  scale,
}: HeatMapProps & { readonly layout: Layout; readonly scale: HeatScale }) {
  const frames = framed
    .map((column, row) =>
      column < 0 ? '' : `M${column * cell + 1} ${row * cell + 1}h${cell - 2}v${cell - 2}h${2 - cell}z`,
    )
    .join('');
  return (
    <g transform={`translate(${left} ${top})`}>
      <rect
        width={columns.length * cell}
        height={rows.length * cell}
        fill="var(--surface)"
        stroke="var(--line)"
      />
      {[...shadePaths(values, columns.length, scale, cell)].map(([shade, path]) => (
        <path
          key={shade}
          d={path}
          fill={shade < 0 ? below : colour}
          fillOpacity={Math.abs(shade) / shades}
          stroke="none"
        />
      ))}
      {frames === '' ? null : <path d={frames} fill="none" stroke="var(--ink)" strokeWidth={1.5} />}
    </g>
  );
}

/** The shades in a row, from the lowest value to the highest. */
function ScaleLegend({
  unit,
  colour,
  below,
  format,
  rows,
  layout: { cell, left, top },
  scale,
}: HeatMapProps & { readonly layout: Layout; readonly scale: HeatScale }) {
  const from = scale.diverging ? -shades : 0;
  const steps = Array.from({ length: shades - from + 1 }, (_, step) => from + step);
  const width = 168 / steps.length;
  const x = Math.min(left, 60);
  return (
    <g transform={`translate(${x} ${top + rows.length * cell + 10})`} fontSize={11} fill="var(--quiet)">
      {steps.map((shade, step) => (
        <rect
          key={shade}
          x={step * width}
          width={width + 0.5}
          height={10}
          fill={shade < 0 ? below : colour}
          fillOpacity={Math.abs(shade) / shades}
        />
      ))}
      <text y={22}>{format(scale.low)}</text>
      <text y={36}>{unit}</text>
      <text x={168} y={22} textAnchor="end">
        {format(scale.high)}
      </text>
    </g>
  );
}
