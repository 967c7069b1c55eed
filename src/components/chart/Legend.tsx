import type { ModelKind } from '../../lab/models/types.ts';
import { Marker } from './Marker.tsx';
import { modelKinds, series } from './series.ts';

export function Swatch({ model }: { readonly model: ModelKind }) {
  return (
    <svg className="swatch" width="26" height="12" aria-hidden="true">
      <line
        x1="0"
        y1="6"
        x2="26"
        y2="6"
        stroke={series[model].colour}
        strokeWidth="2"
        strokeDasharray={series[model].dash}
      />
      <Marker model={model} x={13} y={6} />
    </svg>
  );
}

function ModelItems() {
  return modelKinds.map((model) => (
    <li key={model}>
      <Swatch model={model} /> {series[model].name}
    </li>
  ));
}

/** Which line or point is which model's, where nothing else is drawn. */
export function ModelLegend() {
  return (
    <ul className="legend">
      <ModelItems />
    </ul>
  );
}

/** One legend for all panels; an exported figure draws its own (see exportFigure.ts). */
export function Legend({ reference, bands }: { readonly reference: string; readonly bands: boolean }) {
  return (
    <ul className="legend">
      <ModelItems />
      <li>
        <svg className="swatch" width="26" height="12" aria-hidden="true">
          <line x1="0" y1="6" x2="26" y2="6" stroke="var(--de)" strokeWidth="1.5" strokeDasharray="2 3" />
        </svg>{' '}
        {reference}
      </li>
      {bands ? (
        <li>
          <svg className="swatch" width="26" height="12" aria-hidden="true">
            <rect width="26" height="12" fill="var(--ce)" opacity="0.18" />
          </svg>{' '}
          95 % bootstrap interval over queries
        </li>
      ) : null}
    </ul>
  );
}
