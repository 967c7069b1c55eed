import { type PointerEvent, useState } from 'react';
import { type Area, askMap } from '../../../state/map.ts';
import { type Placement, rowAt, toMap } from './mapPlace.ts';

/** Pixels within which a click takes a point. */
const reach = 9;
/** Pixels below which a drag is a click. */
const still = 5;

interface Drag {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** A row under the pointer, and where the pointer is. */
export interface Hovered {
  readonly row: number;
  readonly x: number;
  readonly y: number;
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

/** What a pointer does on a map: a click opens a text, a drag draws an area, and where it rests a text is shown. */
export function usePointing(points: Float64Array, place: Placement): Pointing {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const within = (event: PointerEvent): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const at = (event: PointerEvent): [number, number] => {
    const { x, y } = within(event);
    return toMap(place, x, y);
  };
  const row = ([x, y]: readonly [number, number]): number | null => rowAt(points, x, y, reach / place.scale);
  return {
    drawing: drag ? areaOf(drag) : null,
    hovered,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setHovered(null);
        setDrag({ from: at(event), to: at(event) });
      },
      onPointerMove(event) {
        if (drag) setDrag({ ...drag, to: at(event) });
        else {
          const under = row(at(event));
          setHovered(under === null ? null : { row: under, ...within(event) });
        }
      },
      onPointerUp(event) {
        if (!drag) return;
        setDrag(null);
        const to = at(event);
        const pulled = Math.hypot(to[0] - drag.from[0], to[1] - drag.from[1]) * place.scale;
        askMap(pulled < still ? { text: row(to) } : { area: areaOf({ ...drag, to }) });
      },
      onPointerCancel: () => setDrag(null),
      onPointerLeave: () => setHovered(null),
    },
  };
}

function areaOf({ from, to }: Drag): Area {
  return {
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    bottom: Math.min(from[1], to[1]),
    top: Math.max(from[1], to[1]),
  };
}
