import './map.css';
import { useEffect } from 'react';
import { openCollection, useExplore } from '../../../state/explore.ts';
import { loadMap, useMap } from '../../../state/map.ts';
import { useSettings } from '../../../state/settings.ts';
import { CollectionChoice } from '../CollectionChoice.tsx';
import { OpeningNote } from '../OpeningNote.tsx';
import { MapControls } from './MapControls.tsx';
import { MapFigure } from './MapFigure.tsx';
import { MapList } from './MapList.tsx';
import { OpenedText } from './OpenedText.tsx';
import { WorkNote } from './WorkNote.tsx';

/** Documents and queries of a collection in two dimensions, layer by layer. */
export function MapTab() {
  const models = useSettings((state) => state.spec.models);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models are opened as they are chosen.
  useEffect(() => void openCollection(), [models]);
  const page = useExplore(({ opening }) => (opening.status === 'ready' ? opening.page : null));
  useEffect(() => {
    if (page) void loadMap();
  }, [page]);
  const map = useMap((state) => state.map);
  return (
    <>
      <section className="intro" aria-labelledby="map-title">
        <h2 id="map-title">A map of the texts at every layer</h2>
        <p>
          Each point is a document or a query, drawn where a layer puts it. Go from layer to layer and see
          what comes together: queries near what answers them, or only texts that share words.
        </p>
      </section>
      <div className="explore-view">
        <section className="card map-ask" aria-label="Collection and map">
          <CollectionChoice />
          {page ? <MapControls page={page} map={map} /> : null}
          <OpeningNote />
          {page ? <WorkNote /> : null}
        </section>
        {map && page ? (
          <>
            <MapFigure map={map} page={page} />
            <OpenedText />
            <MapList map={map} />
          </>
        ) : (
          <section className="card" aria-label="Map">
            <p className="quiet">Here the map will stand when the collection is open.</p>
          </section>
        )}
      </div>
    </>
  );
}
