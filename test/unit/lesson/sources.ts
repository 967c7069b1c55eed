import type { ComparisonSource, LayersSource } from '../../../src/lab/lesson/figures.ts';
import type { ComparisonRow, LayerwiseRow, SpeedRow, Stage } from '../../../src/lab/report/report.ts';

const hits = (value: number) => ({ 'hits@10': value });

/** Hits@10 of both models by layer, one list a collection. */
export function layersWith(ce: readonly number[][], de: readonly number[][]): LayersSource {
  const rows = (model: 'ce' | 'de', values: readonly number[][]): LayerwiseRow[] =>
    values.flatMap((layers, collection) =>
      layers.map((value, layer) => ({
        dataset: `collection-${collection}`,
        model,
        layer,
        queries: 100,
        documents: 1000 * (collection + 1),
        metrics: hits(value),
        intervals: {},
      })),
    );
  const work = (tokens: number, seconds: number) => ({
    layers: 2,
    work: { texts: 3000, tokens, paddedTokens: tokens, characters: 5 * tokens, seconds },
  });
  return {
    layerwise: [...rows('ce', ce), ...rows('de', de)],
    environment: { hardwareConcurrency: 4, models: { ce: work(90_000, 30), de: work(40_000, 20) } },
  };
}

/** Hits@10 of systems, one value a collection; ` rerank` behind a name is its second stage. */
export function comparisonWith(systems: Readonly<Record<string, readonly number[]>>): ComparisonSource {
  const comparison = Object.entries(systems).flatMap(([name, values]) => {
    const [system = '', second] = name.split(' ');
    const stage: Stage = second ? 'retrieve+rerank' : 'retrieve';
    return values.map(
      (value, collection): ComparisonRow => ({
        dataset: `collection-${collection}`,
        system,
        stage,
        queries: 10,
        documents: 1000,
        metrics: hits(value),
      }),
    );
  });
  const speed = (system: string, speedup: number): SpeedRow => ({
    dataset: 'collection-0',
    system,
    textsPerSecond: 100 * speedup,
    speedup,
    encoderTextsPerSecond: 100 * speedup,
    encoderSpeedup: speedup,
    queryMilliseconds: [2.5, 4],
    texts: 100,
    rounds: 3,
    parameters: 1000,
    bytes: 4000,
    indexBytes: 4000,
    backend: 'wasm',
  });
  return {
    comparison,
    speed: [speed('baseline', 1), speed('de-2-ce', 3)],
    // 100 pairs in half a second: 200 a second.
    rerankDepths: [
      { dataset: 'collection-0', system: 'baseline', depth: 0, pairs: 0, seconds: 0, metrics: hits(0.3) },
      {
        dataset: 'collection-0',
        system: 'baseline',
        depth: 10,
        pairs: 100,
        seconds: 0.5,
        metrics: hits(0.5),
      },
    ],
    spec: { compare: { rerankDepth: 10 } },
  };
}

export const systems = {
  baseline: [0.3, 0.6],
  bm25: [0.4, 0.4],
  'de-2-ce': [0.5, 0.7],
  'de-2-rand': [0.3, 0.6],
  'baseline rerank': [0.5, 0.7],
} as const;
