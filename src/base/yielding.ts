import { Cancelled } from './userError.ts';

const longestTurn = 50;

/** Lets long work in a worker hear a cancel and send its progress; call it often, it mostly does nothing. */
export class Breath {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** True once the work has gone on for 50 ms without letting others in, or is cancelled. */
  get due(): boolean {
    return this.#signal?.aborted === true || performance.now() - this.#since > longestTurn;
  }

  /** @throws Cancelled when the signal is aborted */
  async take(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#signal?.aborted) throw new Cancelled();
    this.#since = performance.now();
  }
}

/** Lets messages that have come be heard before the work goes on; a timer would put it off by up to 4 ms. */
export function hearMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
