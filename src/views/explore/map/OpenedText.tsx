import { layerLabel } from '../../../lab/report/curves.ts';
import { askMap, useMap } from '../../../state/map.ts';

/** The text of a point, and the texts that are nearest to it in all dimensions. */
export function OpenedText() {
  const opened = useMap((state) => state.opened);
  const layer = useMap((state) => state.asked.layer);
  if (!opened) return null;
  const { text, near } = opened;
  return (
    <section className="card" aria-labelledby="opened-title" aria-live="polite">
      <h3 id="opened-title">{text.id}</h3>
      <p className="map-text">{text.text}</p>
      <h4>Nearest at layer {layerLabel(layer)}, in all dimensions, by cosine</h4>
      <ol className="map-list">
        {near.map(({ row, text: other, cosine }) => (
          <li key={row}>
            <button type="button" className="hit" title={other} onClick={() => askMap({ text: row })}>
              <span className="hit-text">{other}</span>
              <span className="hit-score">{cosine.toFixed(3)}</span>
            </button>
          </li>
        ))}
      </ol>
      <button type="button" className="small" onClick={() => askMap({ text: null })}>
        Close
      </button>
    </section>
  );
}
