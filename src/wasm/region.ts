/** A cache line, so that no two things that are written share one. */
const line = 64;

/** Hands out memory from a place on, one piece after another. */
export class Region {
  #end: number;

  /** @param start in bytes */
  constructor(start: number) {
    this.#end = aligned(start);
  }

  /** The first byte behind what was taken. */
  get end(): number {
    return this.#end;
  }

  /** @returns where `count` numbers of 4 bytes begin */
  take(count: number): number {
    const at = this.#end;
    this.#end = aligned(at + 4 * count);
    return at;
  }
}

function aligned(byte: number): number {
  return Math.ceil(byte / line) * line;
}

const page = 65_536;

export function pagesFor(bytes: number): number {
  return Math.ceil(bytes / page);
}

/** Makes a memory reach to `end`. @throws RangeError where there is no more */
export function growTo(memory: WebAssembly.Memory, end: number): void {
  const lacking = pagesFor(end) - memory.buffer.byteLength / page;
  if (lacking > 0) memory.grow(lacking);
}
