import type { AskedMap } from '../../../state/map.ts';
import { type Placement, rowTowards, toPicture } from './mapPlace.ts';
import { keyedView, showing, zoomed } from './mapZoom.ts';

/** A key of a keyboard event. */
export interface MapKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What a key on the map asks for: another view, the text that an arrow leads to, or nothing marked.
 * @param whole where the whole map would lie @returns null for keys that are the browser's
 */
export function keyOnMap(
  key: MapKey,
  points: ArrayLike<number>,
  whole: Placement,
  { text, view }: Pick<AskedMap, 'text' | 'view'>,
): Partial<AskedMap> | null {
  if (key.ctrlKey || key.metaKey || key.altKey) return null;
  if (key.key === 'Escape') return { area: null, text: null };
  const keyed = keyedView(whole, view, key, zoomedAbout(points, whole, { text, view }));
  if (keyed !== undefined) return { view: keyed };
  if (!key.key.startsWith('Arrow')) return null;
  const next = rowTowards(points, text ?? 0, key.key);
  if (next === null) return {};
  return { text: next, view: showing(whole, view, points[2 * next]!, points[2 * next + 1]!) };
}

/** The open text where it is in sight, else the middle of the picture. */
function zoomedAbout(
  points: ArrayLike<number>,
  whole: Placement,
  { text, view }: Pick<AskedMap, 'text' | 'view'>,
): [number, number] {
  const middle: [number, number] = [whole.width / 2, whole.height / 2];
  if (text === null || 2 * text >= points.length) return middle;
  const [x, y] = toPicture(zoomed(whole, view), points[2 * text]!, points[2 * text + 1]!);
  return x >= 0 && x <= whole.width && y >= 0 && y <= whole.height ? [x, y] : middle;
}
