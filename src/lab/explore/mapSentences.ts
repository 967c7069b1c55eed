import { layerLabel } from '../report/curves.ts';
import { neighbours, type Projection } from './textMap.ts';
import { umapSettings } from './umapPoints.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What was measured of a map. */
export interface MapFigures {
  readonly projection: Projection;
  readonly layer: number;
  readonly dimensions: number;
  /** Share of the variance that two directions keep. */
  readonly kept: number;
  /** null until it is measured. */
  readonly neighboursKept: number | null;
}

/** What a map cannot show, from what was measured of this one. */
export function mapSentences({ projection, layer, dimensions, kept, neighboursKept }: MapFigures): string[] {
  const name = layer === 0 ? 'the embedding layer' : `layer ${layerLabel(layer)}`;
  const how =
    projection === 'pca'
      ? `Two directions of ${dimensions} keep ${percent(kept)} of the variance of ${name}: texts that lie apart are apart, but texts that lie together may be far apart in the directions that are not drawn.`
      : `UMAP draws neighbourhoods, not distances: the size of a heap and the gap between two heaps mean nothing, and another number of neighbours than ${umapSettings.neighbours} draws other heaps.`;
  if (neighboursKept === null) return [how];
  return [
    how,
    `Of the ${neighbours} texts nearest to a text, ${percent(neighboursKept)} are among its ${neighbours} nearest on this map; the lists give the true ones.`,
  ];
}
