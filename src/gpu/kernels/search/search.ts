import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, read, write } from '../defineKernel.ts';
import { wgsl } from '../wgsl.ts';

/** Documents and queries of a workgroup's tile of scores. */
export const scoreTile = 64;
/** Longest list that a workgroup of the merge holds in its memory. */
export const mostK = 1024;

const normaliseKernel = defineKernel({
  family: 'search',
  source: wgsl('search/normalise'),
  // `size` is in floats, `width` in vec4s of a padded vector.
  parameters: { rows: 'u32', layers: 'u32', size: 'u32', width: 'u32', cosine: 'u32' },
  buffers: { vectors: read('f32'), units: write('f32') },
});

const blockTypes = {
  queries: 'u32',
  firstQuery: 'u32',
  allQueries: 'u32',
  documents: 'u32',
} as const;

const scoresKernel = defineKernel({
  family: 'search',
  source: wgsl('search/scores'),
  parameters: { ...blockTypes, width: 'u32' },
  buffers: { queryUnits: read('vec4f'), documentUnits: read('vec4f'), scores: write('f32') },
});

const mergeKernel = defineKernel({
  family: 'search',
  source: wgsl('search/merge'),
  parameters: { ...blockTypes, k: 'u32' },
  buffers: {
    blockScores: read('f32'),
    blockRanks: read('u32'),
    bestScores: write('f32'),
    bestRanks: write('u32'),
  },
});

export interface Normalise {
  /** (N, L, C) */
  readonly vectors: Binding;
  /** (L, N, W), W the columns padded to whole vec4. */
  readonly units: Binding;
  readonly rows: number;
  readonly layers: number;
  readonly size: number;
  /** False leaves the vectors as long as they are. */
  readonly cosine: boolean;
}

/** Records units = vectors / |vectors|, 0 for a vector of zeros; without `cosine` the vectors themselves. */
export function normaliseLayers(pass: Pass, { vectors, units, rows, layers, size, cosine }: Normalise): void {
  pass.dispatch(
    normaliseKernel,
    { vectors, units },
    { rows, layers, size, width: Math.ceil(size / 4), cosine: cosine ? 1 : 0 },
    { x: rows, y: layers },
  );
}

/** A block of documents for some of the queries, Q of them from `firstQuery` on. */
export interface SearchBlock {
  readonly layers: number;
  readonly size: number;
  readonly queries: number;
  readonly firstQuery: number;
  readonly allQueries: number;
  readonly documents: number;
}

/** Records scores (L, Q, D), the inner products of queryUnits (L, all queries, W) and documentUnits (L, D, W). */
export function scoreBlock(
  pass: Pass,
  { layers, size, ...block }: SearchBlock,
  buffers: Readonly<Record<'queryUnits' | 'documentUnits' | 'scores', Binding>>,
): void {
  pass.dispatch(
    scoresKernel,
    buffers,
    { ...block, width: Math.ceil(size / 4) },
    { x: Math.ceil(block.documents / scoreTile), y: Math.ceil(block.queries / scoreTile), z: layers },
  );
}

/** Records the merge of blockScores (L, Q, D), of documents with blockRanks (D), into the best k (L, all queries, k). */
export function mergeBlock(
  pass: Pass,
  { layers, size: _, ...block }: SearchBlock,
  k: number,
  buffers: Readonly<Record<'blockScores' | 'blockRanks' | 'bestScores' | 'bestRanks', Binding>>,
): void {
  pass.dispatch(mergeKernel, buffers, { ...block, k }, { x: block.queries, y: layers });
}
