import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { askMap, useMap } from '../../../state/map.ts';
import { useTheme } from '../../../state/theme.ts';
import { HoverNote } from './HoverNote.tsx';
import { colourIn, looksIn } from './mapColours.ts';
import type { Grouped } from './mapGroups.ts';
import { keyOnMap } from './mapKeys.ts';
import { MapPainter } from './mapPainter.ts';
import { placement } from './mapPlace.ts';
import { zoomed } from './mapZoom.ts';
import { paintOrder } from './paintPoints.ts';
import { usePointing } from './usePointing.ts';
import { useWheelZoom } from './useWheelZoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

const keysInWords =
  'Arrow keys open the next text that way; plus and minus zoom, zero shows the whole, arrows with Shift move what is enlarged.';

interface MapCanvasProps {
  readonly label: string;
  /** (N, 2) */
  readonly points: Float64Array;
  /** Points of all layers, which the same frame holds. */
  readonly frame: readonly Float64Array[];
  readonly grouped: Grouped;
}

/** The map itself: points to open, an area to draw, arrow keys from point to point, a part to enlarge. */
export function MapCanvas({ label, points, frame, grouped }: MapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter>(null);
  const width = useWidth(canvas);
  const height = Math.round(Math.max(260, Math.min(0.62 * width, 620)));
  const { text, area, view } = useMap((state) => state.asked);
  const theme = useTheme((state) => state.theme);
  const dark = useMedia('(prefers-color-scheme: dark)');
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const whole = useMemo(() => placement(frame, width, height), [frame, width, height]);
  const place = useMemo(() => zoomed(whole, view), [whole, view]);
  const order = useMemo(() => paintOrder(grouped.of), [grouped]);
  const { drawing, hovered, handlers } = usePointing(points, whole, place);
  useWheelZoom(canvas, whole);
  const drawn = drawing ?? area;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what colours come to.
  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return;
    painter.current ??= new MapPainter(element);
    const { groups, of } = grouped;
    const parent = element.parentElement!;
    painter.current.show(
      {
        points,
        place,
        order,
        groups: of,
        looks: looksIn(parent, groups),
        ringed: text,
        area: drawn,
        ink: colourIn(parent, 'var(--ink)'),
      },
      !still,
    );
  }, [points, place, order, grouped, text, drawn, still, theme, dark, width]);
  useEffect(() => () => painter.current?.dispose(), []);

  const follow = (event: KeyboardEvent): void => {
    const asks = keyOnMap(event, points, whole, { text, view });
    if (!asks) return;
    event.preventDefault();
    askMap(asks);
  };
  const ratio = Math.min(2, globalThis.devicePixelRatio);
  return (
    <>
      <ZoomButtons whole={whole} />
      <div className="map-frame">
        <canvas
          ref={canvas}
          className="map-canvas"
          role="img"
          aria-label={`${label} ${keysInWords}`}
          tabIndex={0}
          width={Math.round(width * ratio)}
          height={Math.round(height * ratio)}
          style={{ height }}
          {...handlers}
          onKeyDown={follow}
        />
        {hovered ? <HoverNote {...hovered} width={width} /> : null}
      </div>
    </>
  );
}

/** The width of what an element is in, in CSS pixels. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const parent = element.current?.parentElement;
    if (!parent) return;
    const observer = new ResizeObserver(() => setWidth(parent.clientWidth));
    observer.observe(parent);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const take = (): void => setMatches(media.matches);
    media.addEventListener('change', take);
    return () => media.removeEventListener('change', take);
  }, [query]);
  return matches;
}
