import { UserError } from '../../src/base/userError.ts';
import type { Explorer } from '../../src/lab/explore/explorer.ts';
import {
  type MapText,
  type ModelMap,
  type NearText,
  type Projection,
  TextMap,
  type UmapMap,
} from '../../src/lab/explore/textMap.ts';
import type { ModelKind } from '../../src/lab/models/types.ts';

/** @param share of what is being done, 0 to 1 */
export type MapListener = (sentence: string, share: number) => void;

/** What the map calls, of the collection that is open. What takes long rejects with AbortError when it is cancelled. */
export interface MapCalls {
  /** Every layer of a model by its principal components. */
  mapModel(model: ModelKind, listen: MapListener): Promise<ModelMap>;
  mapUmap(model: ModelKind, layer: number, listen: MapListener): Promise<UmapMap>;
  /** Share of nearest texts that are nearest on the map too. */
  mapNeighboursKept(model: ModelKind, layer: number, projection: Projection): Promise<number>;
  mapClusters(model: ModelKind, layer: number): Promise<Uint8Array<ArrayBuffer>>;
  mapNearest(model: ModelKind, layer: number, row: number): Promise<NearText[]>;
  mapTexts(rows: readonly number[]): Promise<MapText[]>;
  mapFind(words: string): Promise<number[]>;
  cancelMap(): void;
}

/** @param explorer what is open now */
export function mapCalls(explorer: () => Explorer | null): MapCalls {
  let made: { readonly of: Explorer; readonly map: TextMap } | null = null;
  let working = new AbortController();
  const map = (): TextMap => {
    const of = explorer();
    if (!of) throw new UserError('No collection is open yet; wait until it is.');
    if (made?.of !== of) made = { of, map: new TextMap(of) };
    return made.map;
  };
  const told =
    (listen: MapListener): MapListener =>
    (sentence, share) =>
      void listen(sentence, share);
  return {
    mapModel: async (model, listen) => await map().model(model, told(listen), working.signal),
    mapUmap: async (model, layer, listen) => await map().umap(model, layer, told(listen), working.signal),
    mapNeighboursKept: async (model, layer, projection) =>
      await map().neighboursKept(model, layer, projection, working.signal),
    mapClusters: async (model, layer) => await map().clusters(model, layer, working.signal),
    mapNearest: async (model, layer, row) => await map().nearest(model, layer, row, working.signal),
    mapTexts: async (rows) => map().texts(rows),
    mapFind: async (words) => map().find(words),
    cancelMap() {
      working.abort();
      working = new AbortController();
    },
  };
}
