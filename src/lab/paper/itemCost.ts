import { downloadBytes } from '../data/hub/expect.ts';
import type { Pacing } from '../pipeline/pacing.ts';
import { nameOf } from '../spec/systemName.ts';
import type { PaperPair } from './identity.ts';
import type { Choice, QueueItem } from './specs.ts';

/**
 * Single-precision ONNX files as the hub lists them, in bytes. A device that takes half precision or 8 bits
 * fetches a half or a quarter.
 */
const modelBytes: Readonly<Record<PaperPair, { readonly ce: number; readonly de: number }>> = {
  minilm: { ce: 134e6, de: 133e6 },
  mxbai: { ce: 1740e6, de: 1340e6 },
};

/** Weights of the encoder layers, that every token is multiplied by: 4 h² of attention and 2 h · 4 h of the rest. */
const layerWeights = (layers: number, hidden: number): number => layers * 12 * hidden ** 2;

interface PairWeights {
  readonly ce: number;
  readonly de: number;
  /** Weights of a two-layer DE made from the CE. */
  readonly small: number;
}

const weights: Readonly<Record<PaperPair | 'bundled', PairWeights>> = {
  bundled: { ce: layerWeights(6, 128), de: layerWeights(6, 128), small: layerWeights(2, 128) },
  minilm: { ce: layerWeights(12, 384), de: layerWeights(12, 384), small: layerWeights(2, 384) },
  mxbai: { ce: layerWeights(24, 1024), de: layerWeights(24, 1024), small: layerWeights(2, 1024) },
};

export interface ItemCost {
  /** To fetch for the collection; 0 for a bundled one, null where its size is not known before. */
  readonly download: number | null;
  readonly queries: number;
  readonly documents: number;
  /** null where it cannot be foretold: no pace is known, or it trains. */
  readonly seconds: number | null;
  /** What the time goes to, a model's layers or a system each, reranking apart; empty where it cannot be foretold. */
  readonly parts: readonly CostPart[];
}

export interface CostPart {
  readonly what: string;
  readonly seconds: number;
}

/** Sizes of the bundled collections, from their cards. */
export type BundledSizes = ReadonlyMap<string, { readonly queries: number; readonly documents: number }>;

/** Rough mean of the bundled collections' texts. */
const bundledCharacters = 60;

/** Characters of English that a WordPiece token stands for, about; what is behind a row's last token is not read. */
const charactersAToken = 4.5;

/**
 * What a run will take. Time goes by a measured pace of the bundled pair, scaled by characters, by the weights of
 * the layers they run through, and by the pairs that are reranked: right within a factor of a few, as large
 * matrices run faster by the weight, and timing the encoders comes on top.
 */
export function costOf(
  item: QueueItem,
  choice: Choice,
  pacing: Pacing | null,
  bundled: BundledSizes,
): ItemCost {
  const [dataset] = item.spec.datasets;
  if (!dataset || item.spec.train.length > 0) {
    return {
      download: choice.stand === 'bundled' ? 0 : null,
      queries: 0,
      documents: 0,
      seconds: null,
      parts: [],
    };
  }
  const size = item.entry?.size ?? bundled.get(item.id) ?? { queries: 0, documents: 0 };
  const characters = Math.min(
    item.entry?.size.charactersPerText ?? bundledCharacters,
    item.spec.maxLength * charactersAToken,
  );
  const queries = Math.min(dataset.queries ?? size.queries, size.queries);
  const documents = Math.min(dataset.documents ?? size.documents, size.documents);
  const download = item.entry ? downloadBytes(item.entry, dataset) : 0;
  if (pacing === null) return { download, queries, documents, seconds: null, parts: [] };
  const pair = weights[choice.stand === 'bundled' ? 'bundled' : choice.pair];
  // The pace is of both bundled models, of which the CE reads every text twice.
  const unit = pacing.secondsPerCharacter / (2 * weights.bundled.ce + weights.bundled.de);
  const embedded = (queries + documents) * characters;
  const work: readonly (readonly [string, number])[] =
    choice.work === 'layers'
      ? [
          ['CE', embedded * 2 * pair.ce],
          ['DE', embedded * pair.de],
        ]
      : [
          ...item.spec.compare.systems.map(
            (system) => [nameOf(system), embedded * (system === 'baseline' ? pair.de : pair.small)] as const,
          ),
          // Three systems find about twice the documents of one.
          [
            'reranking',
            2 * queries * Math.min(item.spec.compare.rerankDepth, documents) * 2 * characters * pair.ce,
          ],
        ];
  const parts = work.map(([what, units]) => ({ what, seconds: unit * units }));
  const seconds = parts.reduce((sum, part) => sum + part.seconds, pacing.startSeconds);
  return { download, queries, documents, seconds, parts };
}

/** What the models download when nothing is stored yet, at most. */
export function modelDownload({ stand, pair }: Choice): number {
  return stand === 'bundled' ? 0 : modelBytes[pair].ce + modelBytes[pair].de;
}
