import { useEffect, useId, useMemo, useState } from 'react';
import type { MapText, ModelMap } from '../../../lab/explore/textMap.ts';
import { askMap, mapTexts, useMap } from '../../../state/map.ts';
import { rowsInside } from './mapPlace.ts';
import { useLayerPoints } from './useMapPoints.ts';

const step = 30;

/** The map's texts as a list: all, those in the area, or those that have some words. */
export function MapList({ map }: { readonly map: ModelMap }) {
  const id = useId();
  const { area, words } = useMap((state) => state.asked);
  const found = useMap((state) => state.found);
  const { points } = useLayerPoints(map);
  const rows = useMemo(() => {
    const inside = area
      ? rowsInside(points, area)
      : Array.from({ length: points.length / 2 }, (_, row) => row);
    const wanted = found && new Set(found);
    return wanted ? inside.filter((row) => wanted.has(row)) : inside;
  }, [points, area, found]);
  const [shown, setShown] = useState(step);
  const texts = useTexts(rows, shown);
  return (
    <section className="card" aria-labelledby="map-list-title">
      <h3 id="map-list-title">
        {rows.length} {rows.length === 1 ? 'text' : 'texts'}
        {area ? ' in the area' : ' on the map'}
        {found ? ' with these words' : ''}
      </h3>
      <div className="field">
        <label htmlFor={id}>Only texts with these words</label>
        <input
          id={id}
          type="search"
          value={words}
          spellCheck={false}
          onChange={(event) => askMap({ words: event.target.value })}
        />
      </div>
      <ul className="map-list">
        {texts.map(({ row, id: name, text }) => (
          <li key={row}>
            <button type="button" className="hit" title={text} onClick={() => askMap({ text: row })}>
              <span className="quiet">{row < map.documents ? 'document' : 'query'}</span>
              <span className="hit-text">{text.trim() === '' ? name : text}</span>
            </button>
          </li>
        ))}
      </ul>
      {rows.length > texts.length ? (
        <button type="button" className="small" onClick={() => setShown(shown + step)}>
          Show {Math.min(step, rows.length - texts.length)} more
        </button>
      ) : null}
    </section>
  );
}

/** The texts of the first rows, as they come from the worker. */
function useTexts(rows: readonly number[], count: number): readonly MapText[] {
  const [texts, setTexts] = useState<readonly MapText[]>([]);
  useEffect(() => {
    let gone = false;
    mapTexts(rows.slice(0, count)).then(
      (given) => {
        if (!gone) setTexts(given);
      },
      // The collection is being opened anew; its map comes with it.
      () => setTexts([]),
    );
    return () => {
      gone = true;
    };
  }, [rows, count]);
  return texts;
}
