import { UserError } from '../../base/userError.ts';

/** Lets one run go on at a time, and cancels it. */
export class OneRun {
  #running: AbortController | null = null;

  /** @throws UserError while another run goes on */
  async start<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.refuseWhileRunning('A run is going on; cancel it or wait for it to end.');
    const running = new AbortController();
    this.#running = running;
    try {
      return await work(running.signal);
    } finally {
      this.#running = null;
    }
  }

  cancel(): void {
    this.#running?.abort();
  }

  /** @throws UserError with that sentence while a run goes on */
  refuseWhileRunning(sentence: string): void {
    if (this.#running) throw new UserError(sentence);
  }
}
