import { type RefObject, useEffect } from 'react';
import { askMap, useMap } from '../../../state/map.ts';
import type { Placement } from './mapPlace.ts';
import { zoomAt } from './mapZoom.ts';

/** Pixels of a line, where a mouse tells of lines. */
const lineHeight = 16;

/** The wheel zooms about the pointer, while the map has the focus or Ctrl is held; else it scrolls the page. */
export function useWheelZoom(canvas: RefObject<HTMLCanvasElement | null>, whole: Placement): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const turn = (event: WheelEvent): void => {
      // A trackpad's pinch comes as a turn of the wheel with Ctrl, in small steps.
      if (!event.ctrlKey && document.activeElement !== element) return;
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeight : 1);
      const power = -pixels * (event.ctrlKey ? 0.01 : 0.003);
      const { view } = useMap.getState().asked;
      const factor = Math.exp(Math.max(-0.4, Math.min(0.4, power)));
      const next = zoomAt(whole, view, factor, [event.offsetX, event.offsetY]);
      // Away from the whole there is nothing more to see: the page scrolls on.
      if (!event.ctrlKey && view === null && next === null) return;
      event.preventDefault();
      askMap({ view: next });
    };
    // React listens passively, which could not keep the page where it is.
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [canvas, whole]);
}
