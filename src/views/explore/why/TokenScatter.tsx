import { memo, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Marker } from '../../../components/chart/Marker.tsx';
import { closeScale, type Scale } from '../../../components/chart/scale.ts';
import { series } from '../../../components/chart/series.ts';
import type { Measure, TokenFigures } from '../../../lab/explore/tokenFigures.ts';
import { correlationInWords, measureName } from '../../../lab/explore/whySentences.ts';

/** Marks a panel draws at most. */
export const mostDrawn = 1500;
const height = 300;
const edge = { left: 52, right: 12, top: 10, bottom: 38 } as const;
/** A pointer points at what is at most so many pixels away. */
const reach = 24;

interface TokenScatterProps {
  readonly figures: TokenFigures;
  readonly measure: Measure;
  /** The token that is pointed out. */
  readonly token: string | null;
  readonly onHover: (token: string | null) => void;
  readonly onChoose: (token: string) => void;
}

interface Point {
  readonly token: string;
  readonly x: number;
  readonly y: number;
}

/** One mark a token, IDF along the bottom. */
export function TokenScatter({ figures, measure, token, onHover, onChoose }: TokenScatterProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const plane = useMemo(() => planeOf(figures, measure, width), [figures, measure, width]);
  const nearest = (event: PointerEvent<SVGSVGElement>): Point | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const distance = (point: Point): number => Math.hypot(point.x - x, point.y - y);
    const best = plane.points.reduce<Point | null>(
      (found, point) => (found && distance(found) <= distance(point) ? found : point),
      null,
    );
    return best && distance(best) <= reach ? best : null;
  };
  const marked = token === null ? null : plane.pointOf(token);
  return (
    <div ref={frame} className="token-scatter">
      <Plot
        plane={plane}
        figures={figures}
        measure={measure}
        width={width}
        onMove={(event) => onHover(nearest(event)?.token ?? null)}
        onLeave={() => onHover(null)}
        onPress={(event) => {
          const point = nearest(event);
          if (point) onChoose(point.token);
        }}
        marked={marked}
      />
    </div>
  );
}

interface Plane {
  readonly points: readonly Point[];
  readonly horizontal: Axis;
  readonly vertical: Axis;
  /** Where a token stands, drawn or not; null for one that the model has not here. */
  pointOf(token: string): Point | null;
}

interface Axis extends Scale {
  at(value: number): number;
}

function axisOver(scale: Scale, from: number, to: number): Axis {
  const [low, high] = scale.domain;
  return { ...scale, at: (value) => from + ((value - low) / (high - low)) * (to - from) };
}

function planeOf({ tokens, idf, values }: TokenFigures, measure: Measure, width: number): Plane {
  const heights = values[measure];
  const horizontal = axisOver(closeScale(idf), edge.left, width - edge.right);
  const vertical = axisOver(closeScale(heights), height - edge.bottom, edge.top);
  const pointAt = (i: number): Point => ({
    token: tokens[i]!,
    x: horizontal.at(idf[i]!),
    y: vertical.at(heights[i]!),
  });
  const count = Math.min(mostDrawn, tokens.length);
  return {
    horizontal,
    vertical,
    points: Array.from({ length: count }, (_, i) => pointAt(Math.floor((i * tokens.length) / count))),
    pointOf(token) {
      const i = tokens.indexOf(token);
      return i < 0 ? null : pointAt(i);
    },
  };
}

interface PlotProps {
  readonly plane: Plane;
  readonly figures: TokenFigures;
  readonly measure: Measure;
  readonly width: number;
  readonly marked: Point | null;
  readonly onMove: (event: PointerEvent<SVGSVGElement>) => void;
  readonly onLeave: () => void;
  readonly onPress: (event: PointerEvent<SVGSVGElement>) => void;
}

function Plot({ plane, figures, measure, width, marked, onMove, onLeave, onPress }: PlotProps) {
  const [titleId, descId] = [useId(), useId()];
  return (
    <svg
      data-chart=""
      role="img"
      aria-labelledby={`${titleId} ${descId}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      onPointerMove={onMove}
      onPointerLeave={onLeave}
      onPointerDown={onPress}
    >
      <title id={titleId}>{`${series[figures.model].name}: ${measureName(measure)} against IDF`}</title>
      <desc id={descId}>{describe(figures, measure)}</desc>
      <Axes plane={plane} width={width} label={measureName(measure)} />
      <Marks points={plane.points} model={figures.model} />
      {marked ? <MarkedToken point={marked} model={figures.model} width={width} /> : null}
    </svg>
  );
}

function describe({ tokens, correlations }: TokenFigures, measure: Measure): string {
  return `${tokens.length} tokens. Spearman’s ρ ${correlationInWords(correlations[measure])}.`;
}

function Axes({
  plane: { horizontal, vertical },
  width,
  label,
}: {
  readonly plane: Plane;
  readonly width: number;
  readonly label: string;
}) {
  const bottom = height - edge.bottom;
  const text = { fontSize: 12, fill: 'var(--quiet)', stroke: 'none' } as const;
  return (
    <g>
      {vertical.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={edge.left}
            x2={width - edge.right}
            y1={vertical.at(tick)}
            y2={vertical.at(tick)}
            stroke="var(--grid)"
          />
          <text x={edge.left - 6} y={vertical.at(tick) + 4} textAnchor="end" {...text}>
            {tick}
          </text>
        </g>
      ))}
      <line x1={edge.left} x2={width - edge.right} y1={bottom} y2={bottom} stroke="var(--axis)" />
      {horizontal.ticks.map((tick) => (
        <text key={tick} x={horizontal.at(tick)} y={bottom + 16} textAnchor="middle" {...text}>
          {tick}
        </text>
      ))}
      <text x={(edge.left + width - edge.right) / 2} y={height - 6} textAnchor="middle" {...text}>
        IDF
      </text>
      <text transform={`translate(12 ${(edge.top + bottom) / 2}) rotate(-90)`} textAnchor="middle" {...text}>
        {label}
      </text>
    </g>
  );
}

/** Drawn once for all that is pointed at. */
const Marks = memo(function Marks({
  points,
  model,
}: {
  readonly points: readonly Point[];
  readonly model: TokenFigures['model'];
}) {
  const { colour } = series[model];
  return (
    <g fill={model === 'ce' ? colour : 'none'} stroke={model === 'ce' ? 'none' : colour} opacity={0.45}>
      {points.map(({ token, x, y }) =>
        model === 'ce' ? (
          <circle key={token} cx={x} cy={y} r={2} />
        ) : (
          <rect key={token} x={x - 2} y={y - 2} width={4} height={4} />
        ),
      )}
    </g>
  );
});

function MarkedToken({
  point: { token, x, y },
  model,
  width,
}: {
  readonly point: Point;
  readonly model: TokenFigures['model'];
  readonly width: number;
}) {
  const right = x > width / 2;
  return (
    <g>
      <Marker model={model} x={x} y={y} strong />
      <text
        x={right ? x - 9 : x + 9}
        y={Math.max(14, y - 7)}
        textAnchor={right ? 'end' : 'start'}
        fontSize={13}
        fontWeight={600}
        fill="var(--ink)"
        stroke="var(--surface)"
        strokeWidth={3}
        paintOrder="stroke"
      >
        {token}
      </text>
    </g>
  );
}

/** The width in pixels of an element, as it changes. */
function useWidth(frame: { readonly current: HTMLDivElement | null }): number {
  const [width, setWidth] = useState(420);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(220, Math.floor(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
