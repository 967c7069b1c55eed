import type { BufferArena } from '../buffers.ts';
import type { DeviceSession } from '../deviceSession.ts';
import type { Binding } from '../recorder.ts';

/** Bytes: a binding begins at a multiple of this. */
const alignment = 256;

/** A binding in place of each array, of arrays by name, in groups by name or in rows. */
export type Bound<T> = T extends Uint32Array ? Binding : { readonly [K in keyof T]: Bound<T[K]> };

/** Indices that the host gives each step, all in one buffer, which grows as steps need. */
export class StepData {
  readonly #device: GPUDevice;
  readonly #arena: BufferArena;
  #buffer: GPUBuffer;

  constructor(session: DeviceSession) {
    this.#device = session.device;
    this.#arena = session.arena();
    this.#buffer = this.#arena.storage('step data', 1024);
  }

  /** Puts arrays on the device in place of the last step's. @returns the same names, each with its binding */
  write<T extends object>(arrays: T): Bound<T> {
    const placed: { readonly array: Uint32Array; readonly offset: number }[] = [];
    let end = 0;
    forEachArray(arrays, (array) => {
      placed.push({ array, offset: end });
      // An empty array has a place too: no binding may be empty.
      end += Math.ceil(Math.max(16, array.byteLength) / alignment) * alignment;
    });
    if (end > this.#buffer.size) {
      this.#arena.destroy(this.#buffer);
      this.#buffer = this.#arena.storage('step data', 2 ** Math.ceil(Math.log2(end)));
    }
    const all = new Uint8Array(end);
    const bindings = new Map<Uint32Array, Binding>();
    for (const { array, offset } of placed) {
      all.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
      bindings.set(array, { buffer: this.#buffer, offset, size: Math.max(16, array.byteLength) });
    }
    this.#device.queue.writeBuffer(this.#buffer, 0, all);
    return bound(arrays, bindings) as Bound<T>;
  }

  destroy(): void {
    this.#arena.dispose();
  }
}

function forEachArray(arrays: object, visit: (array: Uint32Array) => void): void {
  if (arrays instanceof Uint32Array) visit(arrays);
  else for (const inner of Object.values(arrays) as object[]) forEachArray(inner, visit);
}

function bound(arrays: object, bindings: ReadonlyMap<Uint32Array, Binding>): unknown {
  if (arrays instanceof Uint32Array) return bindings.get(arrays);
  if (Array.isArray(arrays)) return arrays.map((inner: object) => bound(inner, bindings));
  const named = Object.entries(arrays) as [string, object][];
  return Object.fromEntries(named.map(([name, inner]) => [name, bound(inner, bindings)]));
}
