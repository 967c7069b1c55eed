import type { SeenAnswer } from '../lab/explore/answer.ts';
import { writeEmbeddedFlow } from '../lab/explore/embeddedFlow.ts';
import { type PairPicture, writeEmbeddedPair } from '../lab/explore/embeddedPair.ts';
import { shownLayer } from '../lab/explore/pairDocument.ts';
import { writeEmbeddedCurves } from '../lab/report/embeddedCurves.ts';
import { droppedSources } from '../lab/spec/editModels.ts';
import { searchPart, useExplore } from './explore.ts';
import type { LayerResult } from './layerResult.ts';
import { pairPart, usePair } from './pair.ts';
import { linkOf, useSettings } from './settings.ts';

/** Pictures that can stand alone in a frame: layer curves, ranks of documents through the layers, and a pair's. */
export const pictures = ['curves', 'flow', 'pair'] as const;
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

/** Whether the chosen models are this tab's own, which a frame elsewhere cannot open. */
function modelsAreOwn(): boolean {
  return droppedSources({ ...useSettings.getState().spec, datasets: [] }).length > 0;
}

function specPart(): (readonly [string, string])[] {
  const link = linkOf(useSettings.getState().spec);
  return link === null ? [] : [['spec', link]];
}

/**
 * The ranks of an answer alone: searched again in the frame or, where models or texts are this tab's own, with its
 * figures. null where nothing is drawn.
 */
export function flowEmbed(answer: SeenAnswer): string | null {
  const { asked, opening } = useExplore.getState();
  if (opening.status !== 'ready') return null;
  if (!asked.collection.startsWith('folder:') && !modelsAreOwn()) {
    return embedHash('flow', [...specPart(), ...searchPart.write()]);
  }
  const figures = writeEmbeddedFlow({ ...answer, searched: opening.page.documents });
  return figures === null ? null : embedHash('flow', [['figures', figures]]);
}

/** Safari takes addresses of about 80,000 letters, other browsers longer ones. */
const mostLetters = 60_000;

/**
 * A pair's pictures alone: read again in the frame or, where the models are this tab's own, with their figures. null
 * before a pair is read, and where its figures take too much room.
 * @param picture null for all of them
 */
export function pairEmbed(picture: PairPicture | null): string | null {
  const { seen, asked, effects } = usePair.getState();
  if (!seen) return null;
  const chosen: (readonly [string, string])[] = picture === null ? [] : [['picture', picture]];
  if (!modelsAreOwn()) return embedHash('pair', [...specPart(), ...pairPart.write(), ...chosen]);
  const { layer, head, joined } = asked;
  const found = effects.kind === 'done' ? effects.found : null;
  const pair = { seen, effects: found, layer: shownLayer(seen, layer), head, joined };
  const figures = writeEmbeddedPair(pair, picture);
  return figures.length > mostLetters ? null : embedHash('pair', [['figures', figures], ...chosen]);
}
