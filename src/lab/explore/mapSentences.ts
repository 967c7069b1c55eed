import { layerLabel } from '../report/curves.ts';
import { type MapTruth, neighbours, type Projection } from './textMap.ts';
import { umapSettings } from './umapPoints.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What a map cannot show, from what was measured of this one. @param kept share of the variance */
export function mapSentences(
  projection: Projection,
  layer: number,
  kept: number,
  truth: MapTruth | null,
): string[] {
  const name = layer === 0 ? 'the embedding layer' : `layer ${layerLabel(layer)}`;
  const how =
    projection === 'pca'
      ? `Two directions of ${truth?.dimensions ?? 'many'} keep ${percent(kept)} of the variance of ${name}: texts that lie apart are apart, but texts that lie together may be far apart in the directions that are not drawn.`
      : `UMAP draws neighbourhoods, not distances: the size of a heap and the gap between two heaps mean nothing, and another number of neighbours than ${umapSettings.neighbours} draws other heaps.`;
  return truth
    ? [
        how,
        `Of the ${neighbours} texts nearest to a text, ${percent(truth.neighboursKept)} are among its ${neighbours} nearest on this map; the lists give the true ones.`,
      ]
    : [how];
}
