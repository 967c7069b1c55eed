import type { BufferArena } from '../../buffers.ts';
import type { DeviceSession } from '../../deviceSession.ts';
import type { BatchSize } from './loss.ts';

/** A loss's buffers, kept from batch to batch and made anew for a batch of another size. */
export class HeldBuffers<Name extends string, Size extends BatchSize> {
  readonly #arena: BufferArena;
  readonly #words: (size: Size) => Readonly<Record<Name, readonly [label: string, words: number]>>;
  #held: { readonly size: Size; readonly buffers: Readonly<Record<Name, GPUBuffer>> } | null = null;

  /** @param words label and 32-bit words of each buffer */
  constructor(
    session: DeviceSession,
    words: (size: Size) => Readonly<Record<Name, readonly [label: string, words: number]>>,
  ) {
    this.#arena = session.arena();
    this.#words = words;
  }

  reserve(size: Size): void {
    const before = this.#held?.size;
    const keys = Object.keys(size) as (keyof Size)[];
    if (before && keys.every((key) => before[key] === size[key])) return;
    this.#held = null;
    this.#arena.clear();
    const words = Object.entries(this.#words(size)) as [Name, readonly [string, number]][];
    const buffers = words.map(([name, [label, count]]) => [name, this.#arena.storage(label, 4 * count)]);
    this.#held = { size, buffers: Object.fromEntries(buffers) as Record<Name, GPUBuffer> };
  }

  get size(): Size {
    return this.#reserved.size;
  }

  get buffers(): Readonly<Record<Name, GPUBuffer>> {
    return this.#reserved.buffers;
  }

  get #reserved() {
    if (!this.#held) throw new Error('reserve() comes before any pass.');
    return this.#held;
  }

  destroy(): void {
    this.#arena.dispose();
    this.#held = null;
  }
}
