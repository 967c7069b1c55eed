import type { OpenedStore } from '../../src/lab/cache/embeddingStore.ts';
import { MemoryPart, type Part } from '../../src/lab/cache/fileStore.ts';

/** What a write throws in a tab that is killed. */
export class Killed extends Error {}

/**
 * What is kept of a run, of which any write may be the last one of its tab: a file's is then cut off half-way, a
 * store's is left out. A store is by its owner's name.
 */
export class KillableDisk {
  readonly #files = new Map<string, MemoryPart>();
  readonly #stores = new Map<string, Map<string, Float32Array>>();
  #kill: (() => void) | null = null;
  #left = Number.POSITIVE_INFINITY;
  writes = 0;

  /** A new tab. @param lives writes of it that succeed @param onKill told when its last one is over */
  open(lives = Number.POSITIVE_INFINITY, onKill: () => void = () => {}): void {
    this.#left = lives;
    this.#kill = onKill;
    this.writes = 0;
  }

  file(name: string): Part {
    const file = this.#files.get(name) ?? new MemoryPart(1_000_000);
    this.#files.set(name, file);
    const write = (bytes: Uint8Array<ArrayBuffer>): void => {
      if (this.#lives()) file.append(bytes);
      else {
        if (this.#left === -1) file.append(bytes.slice(0, Math.floor(bytes.length * 0.6)));
        throw new Killed();
      }
    };
    return {
      get size() {
        return file.size;
      },
      append: write,
      read: (from, to) => file.read(from, to),
      clear: () => file.clear(),
      cut: (size) => file.cut(size),
      close: () => {},
    };
  }

  store(name: string): OpenedStore {
    const kept = this.#stores.get(name) ?? new Map<string, Float32Array>();
    this.#stores.set(name, kept);
    return {
      read: (texts) => Promise.resolve(texts.map((text) => kept.get(text)?.slice())),
      write: async (texts, vectors) => {
        if (!this.#lives()) throw new Killed();
        for (const [i, text] of texts.entries()) kept.set(text, vectors[i]!.slice());
      },
      close: () => Promise.resolve(),
    };
  }

  #lives(): boolean {
    this.writes++;
    this.#left--;
    if (this.#left === -1) this.#kill?.();
    return this.#left >= 0;
  }
}
