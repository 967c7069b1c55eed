import { lastScore } from './lastScore.ts';
import type { Ranking, Searcher, SearchOptions } from './searcher.ts';

/** Documents whose scores are held at a time; their vectors should fit the processor's cache. */
const blockRows = 64;

/** Vectors laid out [layers, rows, size], and [layers, rows] which of them are not finite. */
interface LaidOut {
  readonly vectors: Float32Array;
  readonly broken: Uint8Array;
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
  for (let row = 0; row < rows; row++) {
    for (let layer = 0; layer < layers; layer++) {
      const from = (row * layers + layer) * size;
      const to = (layer * rows + row) * size;
      let squares = 0;
      for (let i = 0; i < size; i++) squares += vectors[from + i]! * vectors[from + i]!;
      // Squares of float32 do not overflow here.
      if (!Number.isFinite(squares)) broken[layer * rows + row] = 1;
      const scale = similarity === 'cosine' && squares > 0 ? 1 / Math.sqrt(squares) : 1;
      for (let i = 0; i < size; i++) out[to + i] = vectors[from + i]! * scale;
    }
  }
  return { vectors: out, broken };
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

/** Exact search in plain TypeScript, for machines without a real adapter. */
export function createCpuSearcher(options: SearchOptions): Searcher {
  const { layers, queries, hiddenSize: size, k, similarity = 'cosine' } = options;
  const queryUnits = laidOut(options.queryVectors, { rows: queries, layers, size }, similarity);
  const best = Array.from({ length: layers * queries }, () => new Best(k, options.tieRanks));

  return {
    device: 'cpu',
    add(vectors, rows) {
      const documents = laidOut(vectors, { rows: rows.length, layers, size }, similarity);
      for (let layer = 0; layer < layers; layer++) {
        for (let start = 0; start < rows.length; start += blockRows) {
          const end = Math.min(start + blockRows, rows.length);
          for (let q = 0; q < queries; q++) {
            const list = best[layer * queries + q]!;
            const query = layer * queries + q;
            if (queryUnits.broken[query]) continue;
            for (let d = start; d < end; d++) {
              const document = layer * rows.length + d;
              const score = documents.broken[document]
                ? lastScore
                : dot(queryUnits.vectors, query * size, documents.vectors, document * size, size);
              list.offer(score, rows[d]!);
            }
          }
        }
      }
      return Promise.resolve();
    },
    rankings() {
      return Promise.resolve(
        Array.from({ length: layers }, (_, layer): Ranking => {
          const documents = new Int32Array(queries * k).fill(-1);
          const scores = new Float32Array(queries * k).fill(Number.NEGATIVE_INFINITY);
          for (let q = 0; q < queries; q++) best[layer * queries + q]!.write(documents, scores, q * k);
          return { documents, scores };
        }),
      );
    },
    dispose() {
      best.length = 0;
    },
  };
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
