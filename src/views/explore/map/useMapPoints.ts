import { useMemo } from 'react';
import type { ExploredPage } from '../../../lab/explore/answer.ts';
import type { ModelMap } from '../../../lab/explore/textMap.ts';
import { relevantOf, useExplore } from '../../../state/explore.ts';
import { useMap } from '../../../state/map.ts';
import { clusterGroups, type Grouped, kindGroups, relevanceGroups } from './mapGroups.ts';

/** Points of the layer that is asked for; those by PCA until those by UMAP are there. */
export function useLayerPoints({ layers }: ModelMap): {
  readonly layer: number;
  readonly kept: number;
  readonly points: Float64Array;
  readonly frame: readonly Float64Array[];
} {
  const { layer, projection } = useMap((state) => state.asked);
  const umaps = useMap((state) => state.umaps);
  const shown = layers.find((one) => one.layer === layer) ?? layers[0]!;
  const umap = projection === 'umap' ? umaps[shown.layer] : undefined;
  const byUmap = umap !== undefined;
  // The same until maps change: to place a large collection anew takes a part of a frame.
  const frame = useMemo(
    () => (byUmap ? Object.values(umaps) : layers.map(({ points }) => points)),
    [byUmap, umaps, layers],
  );
  return { layer: shown.layer, kept: shown.kept, points: umap ?? shown.points, frame };
}

/** Groups of the texts by what is asked for. */
export function useMapGroups(map: ModelMap, page: ExploredPage): Grouped {
  const colouring = useMap((state) => state.asked.colouring);
  const clusters = useMap((state) => state.clusters);
  const picked = useExplore((state) => state.asked.picked);
  const relevant = useExplore(relevantOf);
  const { documents, queries } = map;
  return useMemo(() => {
    const rows = { documents, queries };
    if (colouring === 'relevance') {
      const query = page.queries.findIndex(({ id }) => id === picked);
      return relevanceGroups(rows, query < 0 ? null : query, relevant);
    }
    if (colouring === 'cluster' && clusters) return clusterGroups(rows, clusters);
    return kindGroups(rows);
  }, [documents, queries, colouring, clusters, page, picked, relevant]);
}
