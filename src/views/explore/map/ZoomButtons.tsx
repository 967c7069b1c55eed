import { askMap, useMap } from '../../../state/map.ts';
import type { Placement } from './mapPlace.ts';
import { zoomAt, zoomed, zoomStep } from './mapZoom.ts';

/** How large the map is drawn, and what changes that. */
export function ZoomButtons({ whole }: { readonly whole: Placement }) {
  const view = useMap((state) => state.asked.view);
  const middle = [whole.width / 2, whole.height / 2] as const;
  const zoom = zoomed(whole, view).scale / whole.scale;
  const by = (factor: number): void => askMap({ view: zoomAt(whole, view, factor, middle) });
  return (
    <fieldset className="map-zoom" aria-label="Zoom">
      <span className="quiet">{zoom.toFixed(1)} ×</span>
      <button type="button" className="small" aria-label="Zoom in" onClick={() => by(zoomStep)}>
        +
      </button>
      <button type="button" className="small" aria-label="Zoom out" onClick={() => by(1 / zoomStep)}>
        −
      </button>
      <button type="button" className="small" onClick={() => askMap({ view: null })}>
        Whole map
      </button>
    </fieldset>
  );
}
