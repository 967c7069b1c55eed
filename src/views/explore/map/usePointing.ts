import { type PointerEvent, useRef, useState } from 'react';
import { type Area, askMap, useMap } from '../../../state/map.ts';
import { type Placement, rowAt, toMap } from './mapPlace.ts';
import { panned, zoomAt } from './mapZoom.ts';

/** Pixels within which a click takes a point. */
const reach = 9;
/** Pixels below which a drag is a click. */
const still = 5;

interface Drag {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** A place in the picture. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A row under the pointer, and where the pointer is. */
export interface Hovered extends Spot {
  readonly row: number;
}

interface Pointing {
  /** The area that is being drawn. */
  readonly drawing: Area | null;
  readonly hovered: Hovered | null;
  /** For the canvas. */
  readonly handlers: Readonly<
    Record<
      'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onPointerLeave',
      (event: PointerEvent) => void
    >
  >;
}

/**
 * What pointers do on a map: a click opens a text, a drag draws an area, and where one rests a text is shown. With
 * Shift a drag moves what is enlarged; two fingers move it and zoom.
 * @param whole where the whole map would lie @param place where what is seen of it lies
 */
export function usePointing(points: Float64Array, whole: Placement, place: Placement): Pointing {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  /** Pointers that are down, and where. */
  const down = useRef(new Map<number, Spot>());
  /** From the second finger on, until the last is up. */
  const moving = useRef(false);
  const at = ({ x, y }: Spot): [number, number] => toMap(place, x, y);
  const row = ([x, y]: readonly [number, number]): number | null => rowAt(points, x, y, reach / place.scale);
  const lift = ({ pointerId }: PointerEvent): boolean => {
    const moved = moving.current;
    down.current.delete(pointerId);
    if (down.current.size === 0) moving.current = false;
    setDrag(null);
    return moved;
  };
  return {
    drawing: drag ? areaOf(drag) : null,
    hovered,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setHovered(null);
        const spot = within(event);
        down.current.set(event.pointerId, spot);
        moving.current ||= event.shiftKey || down.current.size > 1;
        setDrag(moving.current ? null : { from: at(spot), to: at(spot) });
      },
      onPointerMove(event) {
        const spot = within(event);
        const before = down.current.get(event.pointerId);
        if (before) down.current.set(event.pointerId, spot);
        if (drag) setDrag({ ...drag, to: at(spot) });
        else if (before && moving.current) {
          const [other] = [...down.current].filter(([id]) => id !== event.pointerId);
          moveBy(whole, before, spot, other?.[1] ?? null);
        } else if (!before) {
          const under = row(at(spot));
          setHovered(under === null ? null : { row: under, ...spot });
        }
      },
      onPointerUp(event) {
        if (lift(event) || !drag) return;
        const to = at(within(event));
        const pulled = Math.hypot(to[0] - drag.from[0], to[1] - drag.from[1]) * place.scale;
        askMap(pulled < still ? { text: row(to) } : { area: areaOf({ ...drag, to }) });
      },
      onPointerCancel: (event) => void lift(event),
      onPointerLeave: () => setHovered(null),
    },
  };
}

function within(event: PointerEvent): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** A pointer has moved: alone it takes the map with it; with another one, half as far, and zooms. */
function moveBy(whole: Placement, from: Spot, to: Spot, other: Spot | null): void {
  const { view } = useMap.getState().asked;
  const [right, below] = [to.x - from.x, to.y - from.y];
  if (!other) {
    askMap({ view: panned(whole, view, right, below) });
    return;
  }
  const apart = (spot: Spot): number => Math.max(1, Math.hypot(spot.x - other.x, spot.y - other.y));
  const middle = [(from.x + other.x) / 2, (from.y + other.y) / 2] as const;
  const larger = zoomAt(whole, view, apart(to) / apart(from), middle);
  askMap({ view: panned(whole, larger, right / 2, below / 2) });
}

function areaOf({ from, to }: Drag): Area {
  return {
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    bottom: Math.min(from[1], to[1]),
    top: Math.max(from[1], to[1]),
  };
}
