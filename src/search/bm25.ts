import { Breath } from '../base/yielding.ts';
import { isSpaceless, words } from './words.ts';

/** Of Anserini's MS MARCO passage baseline, https://github.com/castorini/anserini */
export const bm25Defaults = { k1: 0.9, b: 0.4 } as const;

export interface Bm25Options {
  readonly k1?: number;
  readonly b?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface Bm25Hit {
  /** Row of the document. */
  readonly document: number;
  readonly score: number;
}

/** Growable list of integers. */
class Ints {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Int32Array(2 * this.length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length++] = value;
  }

  get values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}

/** Of each document its distinct words and how often each stands in it. */
interface Counted {
  readonly terms: ReadonlyMap<string, number>;
  /** Of documents one behind the other. */
  readonly termOf: Int32Array;
  readonly countOf: Int32Array;
  /** First entry of each document, and the end. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  /** Documents with text of a script that sets no spaces. */
  readonly spaceless: number;
}

async function count(documents: readonly string[], options: Bm25Options): Promise<Counted> {
  const breath = new Breath(options.signal);
  const terms = new Map<string, number>();
  const termOf = new Ints();
  const countOf = new Ints();
  const starts = new Int32Array(documents.length + 1);
  const lengths = new Int32Array(documents.length);
  let spaceless = 0;
  for (const [d, text] of documents.entries()) {
    const found = words(text);
    if (isSpaceless(text)) spaceless++;
    const counts = new Map<number, number>();
    for (const word of found) {
      let term = terms.get(word);
      if (term === undefined) {
        term = terms.size;
        terms.set(word, term);
      }
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    for (const [term, times] of counts) {
      termOf.push(term);
      countOf.push(times);
    }
    starts[d + 1] = termOf.length;
    lengths[d] = found.length;
    if (breath.due) {
      options.onProgress?.(d + 1, documents.length);
      await breath.take();
    }
  }
  return { terms, termOf: termOf.values, countOf: countOf.values, starts, lengths, spaceless };
}

/**
 * Builds an inverted index. A word t of document d weighs
 *
 *   idf(t) tf / (tf + k1 (1 - b + b |d| / avgdl)),  idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)),
 *
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, as Lucene has it
 * since version 8: the idf that is never negative, and without the constant factor k1 + 1 (Kamphuis et al.,
 * "Which BM25 Do You Mean?", ECIR 2020), with exact document lengths.
 * @throws Cancelled when the signal is aborted
 */
export async function buildBm25(documents: readonly string[], options: Bm25Options = {}): Promise<Bm25Index> {
  const { k1 = bm25Defaults.k1, b = bm25Defaults.b } = options;
  const { terms, termOf, countOf, starts, lengths, spaceless } = await count(documents, options);
  const offsets = new Int32Array(terms.size + 1);
  for (const term of termOf) offsets[term + 1]!++;
  for (let term = 0; term < terms.size; term++) offsets[term + 1]! += offsets[term]!;
  const place = offsets.slice();
  const rows = new Int32Array(termOf.length);
  const weights = new Float32Array(termOf.length);
  const highest = new Float32Array(terms.size);
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length);
  for (let d = 0; d < documents.length; d++) {
    const norm = k1 * (1 - b + (b * lengths[d]!) / average);
    for (let entry = starts[d]!; entry < starts[d + 1]!; entry++) {
      const term = termOf[entry]!;
      const frequency = offsets[term + 1]! - offsets[term]!;
      const idf = Math.log1p((documents.length - frequency + 0.5) / (frequency + 0.5));
      const at = place[term]!++;
      rows[at] = d;
      weights[at] = (idf * countOf[entry]!) / (countOf[entry]! + norm);
      highest[term] = Math.max(highest[term]!, weights[at]!);
    }
  }
  options.onProgress?.(documents.length, documents.length);
  return new Bm25Index({ documents: documents.length, spaceless }, terms, {
    offsets,
    rows,
    weights,
    highest,
  });
}

/** The postings of each term, one behind the other, by document. */
interface Postings {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
  /** What the term adds to a document's score. */
  readonly weights: Float32Array;
  /** Of each term its largest weight. */
  readonly highest: Float32Array;
}

interface QueryTerm {
  readonly term: number;
  /** Times that it stands in the query. */
  readonly times: number;
  /** What it adds to a score at most. */
  readonly most: number;
}

/** Guards the bound that a document cannot reach against rounding, to float32 where ties are by rank. */
const slack = 1 + 2 ** -22;

/** Made by {@link buildBm25}. */
export class Bm25Index {
  readonly documents: number;
  /** Documents with text of a script that sets no spaces; see `spacelessRule`. */
  readonly spaceless: number;
  readonly #terms: ReadonlyMap<string, number>;
  readonly #postings: Postings;
  readonly #scores: Float64Array;

  constructor(
    { documents, spaceless }: { readonly documents: number; readonly spaceless: number },
    terms: ReadonlyMap<string, number>,
    postings: Postings,
  ) {
    this.documents = documents;
    this.spaceless = spaceless;
    this.#terms = terms;
    this.#postings = postings;
    this.#scores = new Float64Array(documents);
  }

  /** Whether any word of the query stands in a document. */
  knows(query: string): boolean {
    return words(query).some((word) => this.#terms.has(word));
  }

  /**
   * The `k` best documents with a word of the query, best first; of equal scores the earlier row, or with `ranks`
   * the lower rank, scores that are equal as float32 being equal.
   * Words are taken rarest first. Once what is left of them cannot lift a new document among the best,
   * only documents that still can get there are looked up (MaxScore: Turtle and Flood, "Query evaluation:
   * strategies and optimizations", 1995), so that "the" costs next to nothing; the result is exact.
   */
  search(query: string, k: number, ranks?: (row: number) => number): Bm25Hit[] {
    if (k < 1) return [];
    const { offsets, rows, weights } = this.#postings;
    const scores = this.#scores;
    const queryTerms = this.#termsOf(query);
    let left = queryTerms.reduce((sum, { most }) => sum + most, 0);
    let candidates: number[] = [];
    const touched = candidates;
    let closed = false;
    for (const { term, times, most } of queryTerms) {
      const from = offsets[term]!;
      const to = offsets[term + 1]!;
      const bar = kthBest(candidates, scores, k);
      if (closed || left * slack < bar) {
        closed = true;
        candidates = candidates.filter((row) => (scores[row]! + left) * slack >= bar);
        for (const row of candidates) {
          const at = indexOf(rows, row, from, to);
          if (at >= 0) scores[row]! += times * weights[at]!;
        }
      } else {
        for (let at = from; at < to; at++) {
          const row = rows[at]!;
          if (scores[row] === 0) touched.push(row);
          scores[row]! += times * weights[at]!;
        }
      }
      left -= most;
    }
    const hits = candidates
      .map((document) => ({ document, score: scores[document]! }))
      .sort((x, y) =>
        ranks
          ? Math.fround(y.score) - Math.fround(x.score) || ranks(x.document) - ranks(y.document)
          : y.score - x.score || x.document - y.document,
      )
      .slice(0, k);
    for (const row of touched) scores[row] = 0;
    return hits;
  }

  #termsOf(query: string): QueryTerm[] {
    const times = new Map<number, number>();
    for (const word of words(query)) {
      const term = this.#terms.get(word);
      if (term !== undefined) times.set(term, (times.get(term) ?? 0) + 1);
    }
    return [...times]
      .map(([term, count]) => ({ term, times: count, most: count * this.#postings.highest[term]! }))
      .sort((x, y) => y.most - x.most || x.term - y.term);
  }
}

/** The k-th largest score, 0 where there are fewer. */
function kthBest(rows: readonly number[], scores: Float64Array, k: number): number {
  if (rows.length < k) return 0;
  // Ascending; k is small, so that insertion beats a heap.
  const best: number[] = [];
  for (const row of rows) {
    const score = scores[row]!;
    if (best.length === k) {
      if (score <= best[0]!) continue;
      best.shift();
    }
    let at = best.length;
    while (at > 0 && best[at - 1]! > score) at--;
    best.splice(at, 0, score);
  }
  return best[0]!;
}

/** Place of `row` in rows[from, to), which ascend; -1 where it is not there. */
function indexOf(rows: Int32Array, row: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low < to && rows[low] === row ? low : -1;
}
