import type { LayerPooling, Spec } from './spec.ts';

/** What a system of a comparison is; see the spec's `compare.systems`. */
export type System =
  | { readonly type: 'bm25' }
  | { readonly type: 'baseline' }
  | {
      readonly type: 'layer';
      readonly kind: 'ce' | 'de';
      readonly layer: number;
      /** What differs from the spec's; null for nothing. */
      readonly pooling: Partial<LayerPooling> | null;
    }
  | { readonly type: 'model'; readonly source: string }
  | { readonly type: 'run'; readonly file: string };

/** A system that embeds texts. */
export type Encoder = Exclude<System, { readonly type: 'bm25' } | { readonly type: 'run' }>;

const layerName = /^(ce|de)-layer-(\d+)(?: (both|first)(\+cls)?)?( idf)?$/;

/** Reads a system's name; the name of a trained model is that of the folder it is kept in. */
export function readSystem(name: string): System {
  if (name === 'bm25' || name === 'baseline') return { type: name };
  if (name.startsWith('run:')) return { type: 'run', file: name.slice('run:'.length) };
  const [, kind, layer, segments, cls, idf] = layerName.exec(name) ?? [];
  if (layer !== undefined) {
    return {
      type: 'layer',
      kind: kind === 'ce' ? 'ce' : 'de',
      layer: Number(layer),
      pooling:
        segments || idf
          ? {
              ...(segments
                ? { segments: segments === 'first' ? 'first' : 'both', cls: cls !== undefined }
                : {}),
              ...(idf ? { weights: 'idf' } : {}),
            }
          : null,
    };
  }
  return { type: 'model', source: name.includes(':') ? name : `folder:${name}` };
}

/** What is compared where a spec names nothing; the first is what the others are held against. */
export function systemsOf({ compare, train }: Pick<Spec, 'compare' | 'train'>): readonly string[] {
  const named =
    compare.systems.length > 0 ? compare.systems : ['baseline', ...train.map(({ name }) => name), 'bm25'];
  return [...new Set(named)];
}
