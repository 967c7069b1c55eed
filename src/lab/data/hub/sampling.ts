/**
 * A sample comes from at least this many groups, unless they are more bytes than {@link spreadBytes}: rows that lie
 * together are often alike.
 */
export const spreadGroups = 32;
export const spreadBytes = 16 * 2 ** 20;

/** MurmurHash3's step for one block, https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp */
function mixed(hash: number, block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A number from 0 to 2^32 - 1 that looks random and is the same everywhere: MurmurHash3 (x86, 32 bits) of a
 * row's number, or of the UTF-16 units of an id, one a block.
 */
export function rankOf(seed: number, key: number | string): number {
  if (typeof key === 'number') return finished(mixed(mixed(seed, key | 0), Math.floor(key / 2 ** 32)), 8);
  let hash = seed;
  for (let at = 0; at < key.length; at++) hash = mixed(hash, key.charCodeAt(at));
  return finished(hash, key.length);
}

interface Ranked<T> {
  readonly rank: number;
  readonly order: number;
  readonly item: T;
}

function isAfter<T>(a: Ranked<T>, b: Ranked<T>): boolean {
  return a.rank > b.rank || (a.rank === b.rank && a.order > b.order);
}

/**
 * Keeps the items of the lowest ranks, whatever comes: with ranks by {@link rankOf} a seeded sample of a
 * stream that is never held whole.
 */
export class LowestRanks<T> {
  readonly #most: number;
  /** A binary heap, the highest rank first. */
  readonly #heap: Ranked<T>[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** @param order where the item stands; of equal ranks the earlier stays */
  offer(rank: number, order: number, item: T): void {
    const offered = { rank, order, item };
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push(offered);
      this.#rise(heap.length - 1);
    } else if (heap[0] && isAfter(heap[0], offered)) {
      heap[0] = offered;
      this.#sink();
    }
  }

  /** What was kept, by `order`. */
  items(): T[] {
    return [...this.#heap].sort((a, b) => a.order - b.order).map(({ item }) => item);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isAfter(heap[at]!, heap[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let highest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isAfter(heap[child]!, heap[highest]!)) highest = child;
      }
      if (highest === at) return;
      this.#swap(at, highest);
      at = highest;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
