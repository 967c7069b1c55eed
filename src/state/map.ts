import { create } from 'zustand';
import { isCancelled, sentenceOf } from '../base/userError.ts';
import type { ExploredPage } from '../lab/explore/answer.ts';
import { type MapText, type ModelMap, type Projection, projections } from '../lab/explore/textMap.ts';
import type { ModelKind } from '../lab/models/types.ts';
import { debounced } from './debounced.ts';
import { useExplore } from './explore.ts';
import { exploreClient } from './exploreClient.ts';
import type { LinkPart } from './exploreTab.ts';
import { calledBack } from './labClient.ts';
import { latest } from './loadable.ts';

export const colourings = ['kind', 'relevance', 'cluster'] as const;
/** What points are coloured by; `kind` is whether a text is a document or a query. */
export type Colouring = (typeof colourings)[number];

/** A rectangle of the map, in its own units. */
export interface Area {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** The part of the map that is looked at. */
export interface MapView {
  /** The middle, in units of the map. */
  readonly x: number;
  readonly y: number;
  /** How many times larger than the whole it is drawn. */
  readonly zoom: number;
}

/** What of the map is looked at; all of it stands in the address. */
export interface AskedMap {
  readonly model: ModelKind;
  readonly layer: number;
  readonly projection: Projection;
  readonly colouring: Colouring;
  /** The area whose texts are listed. */
  readonly area: Area | null;
  /** null for the whole. */
  readonly view: MapView | null;
  /** Words that listed texts must have. */
  readonly words: string;
  /** Row of the text that is open: documents first, then queries. */
  readonly text: number | null;
}

export type MapWork =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working'; readonly sentence: string; readonly share: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly sentence: string };

/** A text and its neighbours in all dimensions. */
export interface OpenedText {
  readonly text: MapText;
  readonly near: readonly (MapText & { readonly cosine: number })[];
}

interface MapState {
  readonly asked: AskedMap;
  readonly work: MapWork;
  readonly map: ModelMap | null;
  /** Points (N, 2) of the model's layers by UMAP, as far as they were asked for. */
  readonly umaps: Readonly<Record<number, Float64Array<ArrayBuffer>>>;
  /** Share of nearest texts that are nearest on the map too. */
  readonly neighboursKept: number | null;
  /** Of each row, made at the model's last layer. */
  readonly clusters: Uint8Array<ArrayBuffer> | null;
  /** Rows that have the words; null where none are asked for. */
  readonly found: readonly number[] | null;
  readonly opened: OpenedText | null;
}

const start: AskedMap = {
  model: 'ce',
  layer: 0,
  projection: 'pca',
  colouring: 'kind',
  area: null,
  view: null,
  words: '',
  text: null,
};

const nothing = {
  map: null,
  umaps: {},
  neighboursKept: null,
  clusters: null,
  found: null,
  opened: null,
} as const;

export const useMap = create<MapState>(() => ({ asked: start, work: { kind: 'idle' }, ...nothing }));

/** Changes what is looked at; another place on the map empties what was marked there. */
export function askMap(change: Partial<AskedMap>): void {
  const before = useMap.getState().asked;
  const moved =
    (change.model !== undefined && change.model !== before.model) ||
    (change.projection !== undefined && change.projection !== before.projection);
  useMap.setState({ asked: { ...before, ...(moved ? { area: null, view: null } : {}), ...change } });
  settle(before);
}

/** Brings what the map shows in line with what is asked for. */
function settle(before: AskedMap): void {
  const { asked, map } = useMap.getState();
  const redrawn = (['model', 'layer', 'projection', 'colouring'] as const).some(
    (name) => asked[name] !== before[name],
  );
  if (redrawn) void loadMap();
  if (asked.words !== before.words) findSoon();
  if (map && (asked.text !== before.text || asked.layer !== before.layer)) openText();
}

let page: ExploredPage | null = null;
let current: object | null = null;

/** Makes what is asked for, of the collection that is open; what was made before is kept in the worker. */
export async function loadMap(): Promise<void> {
  const { opening } = useExplore.getState();
  if (opening.status !== 'ready') return;
  const call = {};
  current = call;
  const explore = exploreClient();
  void explore.cancelMap();
  if (page !== opening.page) {
    // Rows of another collection are other texts; those of the address are of the first.
    const mark = page === null ? {} : { area: null, view: null, text: null };
    useMap.setState(({ asked }) => ({ ...nothing, asked: { ...asked, ...mark } }));
  }
  page = opening.page;
  const listen = calledBack((sentence: string, share: number) => {
    if (current === call) useMap.setState({ work: { kind: 'working', sentence, share } });
  });
  const take = (made: Partial<MapState>): void => {
    if (current === call) useMap.setState(made);
  };
  try {
    const { asked, map: before } = useMap.getState();
    const { model, layer, projection, colouring } = asked;
    take({ neighboursKept: null, work: { kind: 'working', sentence: 'Starting', share: 0 } });
    if (before?.model !== model) take({ umaps: {}, clusters: null });
    // All layers come at once; sent again, a large map's points would come in the way of their own movement.
    const map = before?.model === model ? before : await explore.mapModel(model, listen);
    take({ map });
    if (projection === 'umap') {
      const { points } = await explore.mapUmap(model, layer, listen);
      take({ umaps: { ...useMap.getState().umaps, [layer]: points } });
    }
    if (colouring === 'cluster') {
      take({ work: { kind: 'working', sentence: 'Clustering', share: 0 } });
      take({ clusters: await explore.mapClusters(model, map.layers.at(-1)!.layer) });
    }
    take({
      neighboursKept: await explore.mapNeighboursKept(model, layer, projection),
      work: { kind: 'idle' },
    });
    if (before === null && current === call) {
      openText();
      findSoon();
    }
  } catch (error) {
    if (current !== call) return;
    take({
      work: isCancelled(error) ? { kind: 'cancelled' } : { kind: 'failed', sentence: sentenceOf(error) },
    });
  }
}

export function cancelMap(): void {
  void exploreClient().cancelMap();
}

/** Texts of rows, in their order. */
export async function mapTexts(rows: readonly number[]): Promise<MapText[]> {
  return await exploreClient().mapTexts(rows);
}

const takeOpened = latest<OpenedText>((answer) => {
  if (answer.status === 'ready') useMap.setState({ opened: answer.value });
  else useMap.setState({ opened: null });
});

function openText(): void {
  const { asked, map } = useMap.getState();
  const { text: row, model, layer } = asked;
  if (row === null || !map || row >= map.documents + map.queries) {
    useMap.setState({ opened: null });
    void takeOpened(null);
    return;
  }
  void takeOpened(async () => {
    const explore = exploreClient();
    const near = await explore.mapNearest(model, layer, row);
    const [text, ...others] = await explore.mapTexts([row, ...near.map((one) => one.row)]);
    return { text: text!, near: others.map((other, at) => ({ ...other, cosine: near[at]!.cosine })) };
  });
}

const takeFound = latest<readonly number[]>((answer) => {
  useMap.setState({ found: answer.status === 'ready' ? answer.value : null });
});

const findSoon = debounced(() => {
  const { asked, map } = useMap.getState();
  const wanted = map !== null && asked.words.trim() !== '';
  if (!wanted) useMap.setState({ found: null });
  void takeFound(wanted ? () => exploreClient().mapFind(asked.words) : null);
});

const names = {
  model: 'model',
  layer: 'layer',
  projection: 'by',
  colouring: 'colour',
  area: 'area',
  view: 'view',
  words: 'words',
  text: 'text',
} as const;

function writeNumbers(values: readonly number[]): string {
  return values.map((value) => value.toFixed(3)).join('_');
}

/** null where the text is not so many numbers. */
function readNumbers(text: string | null, count: number): number[] | null {
  const values = (text ?? '')
    .split('_')
    .map((part) => (/^-?\d+\.\d+$/.test(part) ? Number(part) : Number.NaN));
  return values.length === count && !values.some(Number.isNaN) ? values : null;
}

function writeArea({ left, bottom, right, top }: Area): string {
  return writeNumbers([left, bottom, right, top]);
}

function readArea(text: string | null): Area | null {
  const values = readNumbers(text, 4);
  if (!values) return null;
  const [left, bottom, right, top] = values as [number, number, number, number];
  return { left, bottom, right, top };
}

function readView(text: string | null): MapView | null {
  const values = readNumbers(text, 3);
  if (!values) return null;
  const [x, y, zoom] = values as [number, number, number];
  return zoom > 1 ? { x, y, zoom } : null;
}

/** What of the map is looked at, in the address. */
export const mapPart: LinkPart = {
  tab: 'map',
  write() {
    const { asked } = useMap.getState();
    const parts: [string, string][] = [];
    if (asked.model !== start.model) parts.push([names.model, asked.model]);
    if (asked.layer !== start.layer) parts.push([names.layer, String(asked.layer)]);
    if (asked.projection !== start.projection) parts.push([names.projection, asked.projection]);
    if (asked.colouring !== start.colouring) parts.push([names.colouring, asked.colouring]);
    if (asked.area) parts.push([names.area, writeArea(asked.area)]);
    if (asked.view) parts.push([names.view, writeNumbers([asked.view.x, asked.view.y, asked.view.zoom])]);
    if (asked.words !== '') parts.push([names.words, asked.words]);
    if (asked.text !== null) parts.push([names.text, String(asked.text)]);
    return parts;
  },
  take(query) {
    const whole = (name: string): number | null => {
      const value = query.get(name) ?? '';
      return /^\d{1,7}$/.test(value) ? Number(value) : null;
    };
    const before = useMap.getState().asked;
    const asked: AskedMap = {
      model: query.get(names.model) === 'de' ? 'de' : 'ce',
      layer: whole(names.layer) ?? start.layer,
      projection: projections.find((one) => one === query.get(names.projection)) ?? start.projection,
      colouring: colourings.find((one) => one === query.get(names.colouring)) ?? start.colouring,
      area: readArea(query.get(names.area)),
      view: readView(query.get(names.view)),
      words: query.get(names.words) ?? '',
      text: whole(names.text),
    };
    if (JSON.stringify(asked) === JSON.stringify(before)) return;
    useMap.setState({ asked });
    settle(before);
  },
  subscribe(onChange) {
    // Browsers refuse addresses that change with every turn of a wheel.
    const onView = debounced(() => onChange(true));
    useMap.subscribe(({ asked }, { asked: before }) => {
      if (asked === before) return;
      // Typed words, a dragged slider and a zoom do not fill the history.
      const { words, layer, view } = asked;
      if (JSON.stringify({ ...before, view }) === JSON.stringify(asked)) onView();
      else onChange(JSON.stringify({ ...before, words, layer, view }) === JSON.stringify(asked));
    });
  },
};
