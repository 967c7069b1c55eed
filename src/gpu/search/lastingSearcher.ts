import { mergeRankings } from '../../search/mergeRankings.ts';
import type { Ranking, Searcher, SearchOptions } from '../../search/searcher.ts';
import type { DeviceOwner, DeviceSession } from '../deviceSession.ts';
import { tellLoss } from '../lossNotices.ts';
import { createSearcher } from './createSearcher.ts';

/** Vectors that are kept until their lists are read back, which happens when there are more. */
const mostWaiting = 64 * 2 ** 20;

/**
 * Exact search on a GPU that goes on by itself when the device is lost: on a new one, and after a second loss in plain
 * TypeScript. Documents whose lists were not read back yet are searched again.
 */
export async function createLastingSearcher(options: SearchOptions, devices: DeviceOwner): Promise<Searcher> {
  const session = await devices.session();
  return new LastingSearcher(options, devices, session, createSearcher(session, options));
}

class LastingSearcher implements Searcher {
  readonly #options: SearchOptions;
  readonly #devices: DeviceOwner;
  #session: DeviceSession | null;
  #inner: Searcher;
  #losses = 0;
  /** Lists of what searchers on lost devices had searched; the present one has the rest. */
  #before: readonly Ranking[] | null = null;
  /** Lists of all documents but those that wait. */
  #safe: readonly Ranking[] | null = null;
  #waiting: { readonly vectors: Float32Array<ArrayBuffer>; readonly rows: Int32Array<ArrayBuffer> }[] = [];

  constructor(options: SearchOptions, devices: DeviceOwner, session: DeviceSession, inner: Searcher) {
    this.#options = options;
    this.#devices = devices;
    this.#session = session;
    this.#inner = inner;
  }

  get device(): Searcher['device'] {
    return this.#inner.device;
  }

  async add(vectors: Float32Array<ArrayBuffer>, rows: Int32Array<ArrayBuffer>): Promise<void> {
    if (this.#session) this.#waiting.push({ vectors, rows });
    try {
      await this.#inner.add(vectors, rows);
    } catch (error) {
      await this.#goOn(error);
    }
    const bytes = this.#waiting.reduce((sum, block) => sum + block.vectors.byteLength, 0);
    if (bytes > mostWaiting) await this.rankings();
  }

  async rankings(): Promise<readonly Ranking[]> {
    for (;;) {
      try {
        const found = await this.#inner.rankings();
        const lists = found.map((ranking, layer) => {
          const before = this.#before?.[layer];
          return before ? mergeRankings([before, ranking], this.#options) : ranking;
        });
        this.#safe = lists;
        this.#waiting = [];
        return lists;
      } catch (error) {
        await this.#goOn(error);
      }
    }
  }

  /** Searches what waits once more, on what comes next. @throws what was thrown, where the device is not at fault */
  async #goOn(error: unknown): Promise<void> {
    let why = await this.#whyLost();
    if (why === null) throw error;
    for (;;) {
      this.#inner.dispose();
      this.#losses++;
      this.#before = this.#safe;
      // Where no other device is to be had, the processor comes sooner.
      this.#session = this.#losses > 1 ? null : await this.#devices.session().catch(() => null);
      try {
        this.#inner = createSearcher(this.#session, this.#options);
        for (const { vectors, rows } of this.#waiting) await this.#inner.add(vectors, rows);
        tellLoss(why, this.#session ? 'device' : 'processor');
        return;
      } catch (again) {
        why = await this.#whyLost();
        if (why === null) throw again;
      }
    }
  }

  async #whyLost(): Promise<string | null> {
    return (await this.#session?.endedSoon()) ?? null;
  }

  dispose(): void {
    this.#inner.dispose();
  }
}
