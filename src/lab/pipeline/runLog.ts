import type { Journal, JournalRecord } from '../cache/journal.ts';
import type { EmbeddedCounts } from '../data/dataReport.ts';
import type { EmbedCountsState, TextKind } from '../embed/embedCounts.ts';
import type { Work } from '../embed/pace.ts';
import type { LayerwiseRow } from '../report/report.ts';

/** What a model's layers came to on a collection. */
export interface SearchedModel {
  readonly rows: LayerwiseRow[];
  readonly searchDevice: 'webgpu' | 'cpu';
  readonly counts: EmbeddedCounts;
}

export interface FinishedSearch extends SearchedModel {
  /** What was run through the model. */
  readonly work: Work;
}

/** What a run notes as it goes. `part` names a search, by all that decides what it finds. */
export type LogEntry =
  /** A batch that is about to be stored. */
  | {
      readonly type: 'batch';
      readonly part: string;
      readonly of: TextKind;
      readonly row: number;
      readonly work: Work;
    }
  /** What earlier sittings did of a part; batches before it count no more. */
  | { readonly type: 'work'; readonly part: string; readonly work: Work }
  /** A model's layers on a collection, measured. */
  | { readonly type: 'layers'; readonly part: string; readonly found: FinishedSearch }
  /** A system's lists of a collection, which follow as bytes. */
  | {
      readonly type: 'lists';
      readonly part: string;
      readonly k: number;
      readonly counts: EmbeddedCounts;
    }
  /** Pairs that the CE scored, and the time that it took. */
  | { readonly type: 'pairs'; readonly part: string; readonly pairs: number; readonly seconds: number };

/** A search half-way; its bytes are which documents it has seen, a bit each, and its lists. */
export interface LogState {
  readonly part: string;
  /** Of the log, when it was noted. */
  readonly entries: number;
  readonly layers: number;
  readonly counts: EmbedCountsState;
  readonly work: Work;
}

/** With the seconds that the run has taken until then, over all its sittings. */
export type TimedEntry = LogEntry & { readonly elapsed: number };

/** A run's entries, each with its time. */
export class RunLog {
  readonly #journal: Journal<TimedEntry, LogState>;
  readonly #began = performance.now();
  /** What earlier sittings took, as far as it was noted. */
  readonly earlierSeconds: number;

  constructor(journal: Journal<TimedEntry, LogState>) {
    this.#journal = journal;
    this.earlierSeconds = journal.entries.at(-1)?.elapsed ?? 0;
  }

  get entries(): readonly TimedEntry[] {
    return this.#journal.entries;
  }

  bytes(entry: number): Uint8Array<ArrayBuffer> {
    return this.#journal.bytes(entry);
  }

  append(entry: LogEntry, bytes?: Uint8Array<ArrayBuffer>): void {
    const elapsed = this.earlierSeconds + (performance.now() - this.#began) / 1000;
    this.#journal.append({ ...entry, elapsed }, bytes);
  }

  state(): JournalRecord<LogState> | null {
    return this.#journal.state();
  }

  keepState(state: LogState, bytes: Uint8Array<ArrayBuffer>): void {
    this.#journal.keepState(state, bytes);
  }

  close(): void {
    this.#journal.close();
  }
}
