import { writeEmbeddedCurves } from '../lab/report/embeddedCurves.ts';
import { droppedSources } from '../lab/spec/editModels.ts';
import type { Asked } from './explore.ts';
import { searchPart } from './explore.ts';
import type { LayerResult } from './layerResult.ts';
import { linkOf, useSettings } from './settings.ts';

/** Pictures that can stand alone in a frame: layer curves, and ranks of documents through the layers. */
export const pictures = ['curves', 'flow'] as const;
export type Picture = (typeof pictures)[number];

export function embedHash(picture: Picture, parts: readonly (readonly [string, string])[]): string {
  return `#/embed/${picture}?${new URLSearchParams(parts.map(([name, value]) => [name, value]))}`;
}

/** The curves alone: the stored ones by name, those of a run or a file with their figures. null while a run goes on. */
export function curvesEmbed({ shown, report, rows, titleOf }: LayerResult, metric: string): string | null {
  if (shown === 'stored') return embedHash('curves', [['metric', metric]]);
  if (!report) return null;
  const titles = new Map(rows.map(({ dataset }) => [dataset, titleOf(dataset)]));
  return embedHash('curves', [['figures', writeEmbeddedCurves({ metric, rows, titles })]]);
}

/** The ranks of a query alone; null where models or texts are this tab's own. */
export function flowEmbed({ collection }: Asked): string | null {
  const { spec } = useSettings.getState();
  if (collection.startsWith('folder:') || droppedSources({ ...spec, datasets: [] }).length > 0) return null;
  const link = linkOf(spec);
  return embedHash('flow', [...(link === null ? [] : [['spec', link] as const]), ...searchPart.write()]);
}
