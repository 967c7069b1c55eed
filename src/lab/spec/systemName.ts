import type { LayerPooling, Spec, SystemSpec } from './spec.ts';

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
  /** The mean of a text's token embeddings; no encoder is run. */
  | { readonly type: 'static'; readonly kind: 'ce' | 'de'; readonly weights: 'uniform' | 'idf' }
  /** With a layer it is cut behind that one. */
  | { readonly type: 'model'; readonly source: string; readonly layer?: number }
  | { readonly type: 'run'; readonly file: string }
  /** Names of encoders; of a fused one, of any systems. */
  | { readonly type: 'asymmetric'; readonly queries: string; readonly documents: string }
  | { readonly type: 'fused'; readonly parts: readonly [string, string] };

/** A system that embeds texts. */
export type Encoder = Extract<System, { readonly type: 'baseline' | 'layer' | 'static' | 'model' }>;

const encoderTypes: ReadonlySet<System['type']> = new Set(['baseline', 'layer', 'static', 'model']);

export function isEncoder(system: System): system is Encoder {
  return encoderTypes.has(system.type);
}

const layerName = /^(ce|de)-layer-(\d+)(?: (both|first)(\+cls)?)?( idf)?$/;

const staticName = /^static-(ce|de)( idf)?$/;

const cutName = /^(.+) layer (\d+)$/;

/** What a system is called. */
export function nameOf(system: SystemSpec): string {
  return typeof system === 'string' ? system : system.name;
}

/** A system that a spec defines, where the others say by their names what they are. */
export type DefinedSystem = Exclude<SystemSpec, string>;

/** Those that are defined among systems, or as a part of one of them. */
export function definitionsIn(systems: readonly SystemSpec[]): DefinedSystem[] {
  return systems.flatMap((system) => {
    if (typeof system === 'string') return [];
    return 'fuse' in system ? [system, ...definitionsIn(system.fuse)] : [system];
  });
}

/** The system of a comparison that is called so: one that the spec defines, or what its name says. */
export function systemNamed({ compare }: Pick<Spec, 'compare'>, name: string): System {
  return readSystem(definitionsIn(compare.systems).find((one) => one.name === name) ?? name);
}

/** Reads a system; the name of a trained model is that of the folder it is kept in. */
export function readSystem(system: SystemSpec): System {
  if (typeof system === 'string') return readName(system);
  if ('fuse' in system) {
    const [first, second] = system.fuse;
    return { type: 'fused', parts: [nameOf(first), nameOf(second)] };
  }
  return { type: 'asymmetric', queries: system.queries, documents: system.documents };
}

function readName(name: string): System {
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
  const [, table, weighted] = staticName.exec(name) ?? [];
  if (table !== undefined) {
    return { type: 'static', kind: table === 'ce' ? 'ce' : 'de', weights: weighted ? 'idf' : 'uniform' };
  }
  const [, whole = name, depth] = cutName.exec(name) ?? [];
  const source = whole.includes(':') ? whole : `folder:${whole}`;
  return { type: 'model', source, ...(depth === undefined ? {} : { layer: Number(depth) }) };
}

/** Names of what is compared, by default where a spec names nothing; the first is what the others are held against. */
export function systemsOf({ compare, train }: Pick<Spec, 'compare' | 'train'>): readonly string[] {
  const named =
    compare.systems.length > 0
      ? compare.systems.map(nameOf)
      : ['baseline', ...train.map(({ name }) => name), 'bm25'];
  return [...new Set(named)];
}
