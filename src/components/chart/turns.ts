/** Gives each piece of drawing a frame of its own, first come first drawn. */
export class Turns {
  readonly #nextFrame: (callback: () => void) => void;
  readonly #waiting = new Set<() => void>();
  #taken = false;

  /** @param nextFrame calls back once, before the next frame */
  constructor(nextFrame: (callback: () => void) => void) {
    this.#nextFrame = nextFrame;
  }

  /** Whether nothing has been drawn in this frame; then the asker may draw at once. */
  take(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    this.#nextFrame(() => this.#next());
    return true;
  }

  #next(): void {
    this.#taken = false;
    const [draw] = this.#waiting;
    if (!draw) return;
    this.#waiting.delete(draw);
    this.take();
    draw();
  }

  /** Draws now, or when it is its turn; one that waits already keeps its place. */
  ask(draw: () => void): void {
    if (this.#waiting.has(draw)) return;
    if (this.#waiting.size === 0 && this.take()) draw();
    else this.#waiting.add(draw);
  }

  leave(draw: () => void): void {
    this.#waiting.delete(draw);
  }
}
