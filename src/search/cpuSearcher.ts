import type { MatrixProducts } from '../base/matrixProducts.ts';
import { lastScore } from './lastScore.ts';
import type { Ranking, Searcher, SearchOptions } from './searcher.ts';

/** Documents whose scores are held at a time; their vectors should fit the processor's cache. */
const blockRows = 64;

/** Products that are held at a time, where something quicker makes them. */
const mostProducts = 2 ** 22;
const mostScreenedRows = 512;

/** Vectors laid out [layers, rows, size], and of [layers, rows] which are not finite, and their lengths. */
interface LaidOut {
  readonly vectors: Float32Array;
  readonly broken: Uint8Array;
  readonly lengths: Float64Array;
}

interface Shape {
  readonly rows: number;
  readonly layers: number;
  readonly size: number;
}

/** Lays vectors out anew; for cosine each of length 1, or of zeros as it is. */
function laidOut(
  vectors: Float32Array,
  { rows, layers, size }: Shape,
  similarity: 'cosine' | 'dot',
): LaidOut {
  const out = new Float32Array(rows * layers * size);
  const broken = new Uint8Array(rows * layers);
  const lengths = new Float64Array(rows * layers);
  for (let row = 0; row < rows; row++) {
    for (let layer = 0; layer < layers; layer++) {
      const from = (row * layers + layer) * size;
      const to = (layer * rows + row) * size;
      let squares = 0;
      for (let i = 0; i < size; i++) squares += vectors[from + i]! * vectors[from + i]!;
      // Squares of float32 do not overflow here.
      if (!Number.isFinite(squares)) broken[layer * rows + row] = 1;
      const scale = similarity === 'cosine' && squares > 0 ? 1 / Math.sqrt(squares) : 1;
      lengths[layer * rows + row] = scale * Math.sqrt(squares);
      for (let i = 0; i < size; i++) out[to + i] = vectors[from + i]! * scale;
    }
  }
  return { vectors: out, broken, lengths };
}

/**
 * The best documents of one query, as a heap with the worst on top. The order is total (score, then tie
 * rank), so the same documents give the same list in whatever order they come.
 */
class Best {
  readonly #rows: Int32Array;
  readonly #scores: Float32Array;
  readonly #ranks: Int32Array | null;
  #count = 0;

  constructor(k: number, ranks: Int32Array | null) {
    this.#rows = new Int32Array(k);
    this.#scores = new Float32Array(k);
    this.#ranks = ranks;
  }

  /** Whether entry (score, row) stands behind entry `i`. */
  #behind(score: number, row: number, i: number): boolean {
    const other = this.#scores[i]!;
    if (score !== other) return score < other;
    const twin = this.#rows[i]!;
    return this.#ranks ? this.#ranks[row]! > this.#ranks[twin]! : row > twin;
  }

  /** A document of less is offered in vain. */
  get least(): number {
    if (this.#rows.length === 0) return Number.POSITIVE_INFINITY;
    return this.#count < this.#rows.length ? Number.NEGATIVE_INFINITY : this.#scores[0]!;
  }

  offer(score: number, row: number): void {
    const k = this.#rows.length;
    if (this.#count < k) {
      let at = this.#count++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!this.#behind(score, row, parent)) break;
        this.#put(at, this.#scores[parent]!, this.#rows[parent]!);
        at = parent;
      }
      this.#put(at, score, row);
      return;
    }
    if (k === 0 || this.#behind(score, row, 0)) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && this.#behind(this.#scores[child + 1]!, this.#rows[child + 1]!, child)) child++;
      if (this.#behind(score, row, child)) break;
      this.#put(at, this.#scores[child]!, this.#rows[child]!);
      at = child;
    }
    this.#put(at, score, row);
  }

  #put(at: number, score: number, row: number): void {
    this.#scores[at] = score;
    this.#rows[at] = row;
  }

  /** Writes the list, best first, to `documents` and `scores` from `offset` on. */
  write(documents: Int32Array, scores: Float32Array, offset: number): void {
    const order = Array.from({ length: this.#count }, (_, i) => i);
    order.sort((a, b) => (this.#behind(this.#scores[a]!, this.#rows[a]!, b) ? 1 : -1));
    for (const [rank, i] of order.entries()) {
      documents[offset + rank] = this.#rows[i]!;
      scores[offset + rank] = this.#scores[i]!;
    }
  }
}

/** Some documents of a block at one layer, [from, to). */
interface Tile {
  readonly documents: LaidOut;
  readonly rows: Int32Array;
  readonly layer: number;
  readonly from: number;
  readonly to: number;
}

/** See {@link createCpuSearcher}. */
class CpuSearcher implements Searcher {
  readonly device = 'cpu';
  readonly #options: SearchOptions;
  readonly #products: MatrixProducts | undefined;
  readonly #asked: LaidOut;
  readonly #best: Best[];

  constructor(options: SearchOptions, products: MatrixProducts | undefined) {
    const { layers, queries, hiddenSize: size, k, similarity = 'cosine' } = options;
    this.#options = options;
    this.#products = queries > 0 && k > 0 ? products : undefined;
    this.#asked = laidOut(options.queryVectors, { rows: queries, layers, size }, similarity);
    this.#best = Array.from({ length: layers * queries }, () => new Best(k, options.tieRanks));
  }

  async add(vectors: Float32Array<ArrayBuffer>, rows: Int32Array<ArrayBuffer>): Promise<void> {
    const { layers, queries, hiddenSize: size, similarity = 'cosine' } = this.#options;
    const documents = laidOut(vectors, { rows: rows.length, layers, size }, similarity);
    const step = this.#products
      ? Math.min(mostScreenedRows, Math.max(blockRows, Math.floor(mostProducts / queries)))
      : blockRows;
    for (let layer = 0; layer < layers; layer++) {
      for (let from = 0; from < rows.length; from += step) {
        const tile = { documents, rows, layer, from, to: Math.min(from + step, rows.length) };
        if (this.#products) await this.#screened(tile, this.#products);
        else this.#each(tile);
      }
    }
  }

  #offer({ documents, rows, layer }: Tile, query: number, row: number): void {
    const { hiddenSize: size } = this.#options;
    const at = layer * rows.length + row;
    const score = documents.broken[at]
      ? lastScore
      : dot(this.#asked.vectors, query * size, documents.vectors, at * size, size);
    this.#best[query]!.offer(score, rows[row]!);
  }

  /** Every product of a tile. */
  #each(tile: Tile): void {
    const { queries } = this.#options;
    for (let query = tile.layer * queries; query < (tile.layer + 1) * queries; query++) {
      if (this.#asked.broken[query]) continue;
      for (let row = tile.from; row < tile.to; row++) this.#offer(tile, query, row);
    }
  }

  /** Those products of a tile that could belong to a list. */
  async #screened(tile: Tile, multiply: MatrixProducts): Promise<void> {
    const { queries, hiddenSize: size } = this.#options;
    const { documents, rows, layer, from, to } = tile;
    const first = layer * rows.length;
    const count = to - from;
    const made = await multiply(
      this.#asked.vectors.subarray(layer * queries * size, (layer + 1) * queries * size),
      documents.vectors.subarray((first + from) * size, (first + to) * size),
      { rows: queries, others: count, width: size },
    );
    let longest = 0;
    for (let row = from; row < to; row++) longest = Math.max(longest, documents.lengths[first + row]!);
    for (let q = 0; q < queries; q++) {
      const query = layer * queries + q;
      if (this.#asked.broken[query]) continue;
      const list = this.#best[query]!;
      const off = mostOff(size, this.#asked.lengths[query]! * longest);
      let least = list.least - off;
      for (let row = from, at = q * count; row < to; row++, at++) {
        if (made[at]! < least) continue;
        this.#offer(tile, query, row);
        least = list.least - off;
      }
    }
  }

  rankings(): Promise<readonly Ranking[]> {
    const { layers, queries, k } = this.#options;
    return Promise.resolve(
      Array.from({ length: layers }, (_, layer): Ranking => {
        const documents = new Int32Array(queries * k).fill(-1);
        const scores = new Float32Array(queries * k).fill(Number.NEGATIVE_INFINITY);
        for (let q = 0; q < queries; q++) this.#best[layer * queries + q]!.write(documents, scores, q * k);
        return { documents, scores };
      }),
    );
  }

  dispose(): void {
    this.#best.length = 0;
  }
}

/**
 * Exact search in plain TypeScript, for machines without a real adapter.
 * @param products makes products that may be off by rounding, quicker; where they could belong to a list they are
 *   computed here again, so that lists and scores are the same with it and without
 */
export function createCpuSearcher(options: SearchOptions, products?: MatrixProducts): Searcher {
  return new CpuSearcher(options, products);
}

/** How far float32 sums of `size` products may be from those of {@link dot}, four times the bound. */
function mostOff(size: number, lengths: number): number {
  // Sums of vectors so long may overflow on the way.
  if (!(lengths < 1e30)) return Number.POSITIVE_INFINITY;
  return (size + 8) * 2 ** -22 * lengths + 1e-30;
}

/** Four sums side by side, which the processor need not wait for one by one; rounded to float32 at the end. */
function dot(a: Float32Array, aAt: number, b: Float32Array, bAt: number, size: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < size; i += 4) {
    s0 += a[aAt + i]! * b[bAt + i]!;
    s1 += a[aAt + i + 1]! * b[bAt + i + 1]!;
    s2 += a[aAt + i + 2]! * b[bAt + i + 2]!;
    s3 += a[aAt + i + 3]! * b[bAt + i + 3]!;
  }
  for (; i < size; i++) s0 += a[aAt + i]! * b[bAt + i]!;
  return Math.fround(s0 + s1 + (s2 + s3));
}
