import { useEffect, useId, useState } from 'react';
import { duration } from '../../../base/units.ts';
import { RadioField } from '../../../components/form/RadioField.tsx';
import type { ExploredPage } from '../../../lab/explore/answer.ts';
import type { ModelMap } from '../../../lab/explore/textMap.ts';
import { umapSeconds } from '../../../lab/explore/umapPoints.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import { pickQuery, useExplore } from '../../../state/explore.ts';
import { askMap, type Colouring, useMap } from '../../../state/map.ts';

const models = [
  ['ce', 'Cross encoder (CE)'],
  ['de', 'Dual encoder (DE)'],
] as const;

const colourings: readonly (readonly [Colouring, string])[] = [
  ['kind', 'source: document or query'],
  ['relevance', 'relevance to a query'],
  ['cluster', 'cluster'],
];

/** Whose map it is, of which layer, how it is projected and coloured. */
export function MapControls({ page, map }: { readonly page: ExploredPage; readonly map: ModelMap | null }) {
  const asked = useMap((state) => state.asked);
  const count = page.documents + page.queries.length;
  return (
    <div className="map-controls">
      <RadioField
        legend="Model"
        value={asked.model}
        options={models}
        onChange={(model) => askMap({ model })}
      />
      <RadioField
        legend="Projection"
        value={asked.projection}
        options={[
          ['pca', 'PCA', 'exact, all layers at once'],
          ['umap', 'UMAP', `about ${duration(umapSeconds(count))} a layer`],
        ]}
        onChange={(projection) => askMap({ projection })}
      />
      <RadioField
        legend="Coloured by"
        value={asked.colouring}
        options={colourings}
        onChange={(colouring) => askMap({ colouring })}
      />
      {asked.colouring === 'relevance' ? <QueryChoice page={page} /> : null}
      {map ? <LayerChoice map={map} /> : null}
    </div>
  );
}

function QueryChoice({ page: { queries } }: { readonly page: ExploredPage }) {
  const id = useId();
  const picked = useExplore((state) => state.asked.picked);
  return (
    <div className="field">
      <label htmlFor={id}>Query</label>
      <select
        id={id}
        value={picked ?? ''}
        onChange={(event) => pickQuery(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">Choose one of {queries.length}</option>
        {queries.map(({ id: one, text }) => (
          <option key={one} value={one}>
            {text.length > 90 ? `${text.slice(0, 90)}…` : text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Milliseconds that each layer is looked at when all are played. */
const layerTime = 1400;

function LayerChoice({ map: { layers } }: { readonly map: ModelMap }) {
  const id = useId();
  const layer = useMap((state) => state.asked.layer);
  const idle = useMap((state) => state.work.kind !== 'working');
  const position = Math.max(
    0,
    layers.findIndex((one) => one.layer === layer),
  );
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing || !idle) return;
    const timer = setTimeout(() => {
      if (position === layers.length - 1) setPlaying(false);
      else askMap({ layer: layers[position + 1]!.layer });
    }, layerTime);
    return () => clearTimeout(timer);
  }, [playing, idle, position, layers]);
  const label = layerLabel(layers[position]!.layer);
  return (
    <div className="field map-layer">
      <label htmlFor={id}>Layer {label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={layers.length - 1}
        step={1}
        value={position}
        aria-valuetext={`layer ${label}`}
        onChange={(event) => askMap({ layer: layers[Number(event.target.value)]!.layer })}
      />
      <button
        type="button"
        className="small"
        onClick={() => {
          if (!playing) askMap({ layer: layers[0]!.layer });
          setPlaying(!playing);
        }}
      >
        {playing ? 'Stop' : 'Play all layers'}
      </button>
    </div>
  );
}
