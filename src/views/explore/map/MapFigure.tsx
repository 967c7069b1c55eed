import { useRef, useState } from 'react';
import { sentenceOf } from '../../../base/userError.ts';
import { pngOfText } from '../../../components/chart/exportFigure.ts';
import { series } from '../../../components/chart/series.ts';
import { download, fileName } from '../../../components/download.ts';
import { Problem } from '../../../components/Problem.tsx';
import type { ExploredPage } from '../../../lab/explore/answer.ts';
import { mapSentences } from '../../../lab/explore/mapSentences.ts';
import type { ModelMap } from '../../../lab/explore/textMap.ts';
import { toCsv } from '../../../lab/formats/table.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import { askMap, mapTexts, useMap } from '../../../state/map.ts';
import { MapCanvas } from './MapCanvas.tsx';
import { MapLegend } from './MapLegend.tsx';
import { colourIn } from './mapColours.ts';
import type { Grouped } from './mapGroups.ts';
import { placement } from './mapPlace.ts';
import { mapSvg, type SvgText } from './mapSvg.ts';
import { type MapRows, mapTable } from './mapTable.ts';
import { zoomed } from './mapZoom.ts';
import { useLayerPoints, useMapGroups } from './useMapPoints.ts';

const formats = ['PNG', 'SVG', 'CSV', 'JSON'] as const;
type Format = (typeof formats)[number];

/** The map with its legend, what it cannot show, and ways to keep it. */
export function MapFigure({ map, page }: { readonly map: ModelMap; readonly page: ExploredPage }) {
  const { layer, kept, points, frame } = useLayerPoints(map);
  const grouped = useMapGroups(map, page);
  const neighboursKept = useMap((state) => state.neighboursKept);
  const { projection, area } = useMap((state) => state.asked);
  const [failure, setFailure] = useState<string | null>(null);
  const figure = useRef<HTMLElement>(null);
  const by = projection === 'pca' ? 'PCA' : 'UMAP';
  const title = `${page.title}: layer ${layerLabel(layer)} of the ${series[map.model].name}, by ${by}`;
  const { dimensions } = map;
  const sentences = mapSentences({ projection, layer, dimensions, kept, neighboursKept });
  const save = async (format: Format): Promise<void> => {
    try {
      const name = `${fileName(title)}.${format.toLowerCase()}`;
      download(
        name,
        await fileOf(format, { title, points, frame, grouped, map, kept, element: figure.current! }),
      );
      setFailure(null);
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  };
  return (
    <figure className="figure" aria-label={title} ref={figure}>
      <div className="figure-head">
        <h3>{title}</h3>
        <div className="button-row">
          {formats.map((format) => (
            <button key={format} type="button" className="small" onClick={() => void save(format)}>
              {format}
            </button>
          ))}
        </div>
      </div>
      <MapLegend grouped={grouped} />
      <MapCanvas
        label={`Map of ${map.documents} documents and ${map.queries} queries. The list below has the same texts.`}
        points={points}
        frame={frame}
        grouped={grouped}
      />
      <figcaption>
        Click a point to open its text; draw a rectangle to list the texts inside. Zoom by the buttons, + and
        − on the keyboard, a pinch, or the wheel, with Ctrl or once the map has the focus; drag with Shift to
        move what is enlarged. {sentences.join(' ')} Both axes have the same unit, the spread of all texts at
        the layer; each layer is turned onto the one before.
      </figcaption>
      {area ? (
        <div className="button-row">
          <button type="button" className="small" onClick={() => askMap({ area: null })}>
            Clear the area
          </button>
        </div>
      ) : null}
      {failure ? <Problem>{failure}</Problem> : null}
    </figure>
  );
}

interface Kept {
  readonly title: string;
  readonly points: Float64Array;
  readonly frame: readonly Float64Array[];
  readonly grouped: Grouped;
  readonly map: ModelMap;
  readonly kept: number;
  readonly element: HTMLElement;
}

async function fileOf(format: Format, all: Kept): Promise<Blob> {
  const { title, points, grouped, map, kept } = all;
  if (format === 'SVG') return new Blob([svgOf(all).text], { type: 'image/svg+xml' });
  if (format === 'PNG') {
    const { text, width, height } = svgOf(all);
    return await pngOfText(text, { width, height, scale: 2 });
  }
  const rows: MapRows = {
    documents: map.documents,
    points,
    grouped,
    texts: await mapTexts(Array.from({ length: points.length / 2 }, (_, row) => row)),
  };
  const table = mapTable(title, rows);
  if (format === 'CSV') return new Blob([toCsv(table)], { type: 'text/csv' });
  const { projection, layer } = useMap.getState().asked;
  const shares = projection === 'pca' ? { varianceKept: kept } : {};
  const listed = table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, at) => [column, row[at]])),
  );
  return new Blob(
    [
      `${JSON.stringify({ title, model: map.model, layer, projection, ...shares, points: listed }, null, 1)}\n`,
    ],
    { type: 'application/json' },
  );
}

/** In the light theme, for paper. */
function svgOf({ title, points, frame, grouped, element }: Kept): SvgText {
  const before = element.dataset.theme;
  element.dataset.theme = 'light';
  const colours = grouped.groups.map(({ colour }) => colourIn(element, colour));
  if (before === undefined) delete element.dataset.theme;
  else element.dataset.theme = before;
  const place = zoomed(placement(frame, 900, 600), useMap.getState().asked.view);
  return mapSvg({ title, points, place, grouped, colours });
}
