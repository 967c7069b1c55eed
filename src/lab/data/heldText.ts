import { bytes } from '../../base/units.ts';
import { UserError } from '../../base/userError.ts';
import type { RowPlace } from './rowLedger.ts';

/**
 * A tab's engine holds some 4 GB of texts and objects, and ends the tab without a word when they are more. A server is
 * given as much as its owner says.
 */
const mostText = 'WorkerGlobalScope' in globalThis ? 2.5e9 : Number.POSITIVE_INFINITY;

/** What a row takes besides its texts: id, place, entries of tables. */
const perRow = 250;

/** Characters beyond Latin-1, of which one makes all of a text's take two bytes. */
const wide = /[\u0100-\uffff]/;

/** Reckons what texts take in memory while they are read, and refuses more than a tab holds. */
export class HeldText {
  readonly #most: number;
  #bytes = 0;
  #rows = 0;

  constructor(most = mostText) {
    this.#most = most;
  }

  /** @throws UserError at the row with which it is too much */
  add(place: RowPlace, ...texts: readonly string[]): void {
    this.#bytes += perRow;
    for (const text of texts) this.#bytes += wide.test(text) ? 2 * text.length : text.length;
    if (this.#bytes > this.#most) {
      throw new UserError(
        `is more than a tab can hold: the rows before it take ${bytes(this.#most)} of memory; use those ${this.#rows.toLocaleString('en')} alone, or the collection's copy on the hub, of which only a sample is read.`,
        place,
      );
    }
    this.#rows++;
  }
}
