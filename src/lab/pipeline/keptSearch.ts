import type { Ranking } from '../../search/searcher.ts';
import type { EmbeddingStore } from '../cache/embeddingStore.ts';
import type { Collection } from '../data/collection.ts';
import type { EmbedCountsState, TextKind } from '../embed/embedCounts.ts';
import { storedName } from '../embed/embedTexts.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import { noWork, sumOfWork, type Work } from '../embed/pace.ts';
import type { SearchedBefore } from '../embed/searchCollection.ts';
import { packLists, unpackLists } from './packedLists.ts';
import type { FinishedSearch, LogEntry, RunLog } from './runLog.ts';

/** Where a search goes on. */
export interface ResumedSearch extends SearchedBefore {
  /** How many were seen. */
  readonly documents: number;
  readonly counts: EmbedCountsState;
}

/** What a search is half-way. */
interface HalfWay {
  /** 1 for each row of the corpus that was searched. */
  readonly seen: Uint8Array;
  readonly counts: EmbedCountsState;
  readonly work: Work;
}

/** Between two notes of the lists found so far, at least: many times what a note takes. */
const noteEverySeconds = 2;
const shareOfNotes = 20;

/** One model's search of one collection in a run's journal: what earlier sittings noted, and what this one notes. */
export class KeptSearch {
  readonly #log: RunLog;
  readonly #part: string;
  readonly #collection: Collection;
  readonly #everySeconds: number;
  #noted = performance.now();
  #took = 0;

  /**
   * @param part names this search among the run's
   * @param everySeconds at least, between two notes of the lists; 0 notes them after every block
   */
  constructor(log: RunLog, part: string, collection: Collection, everySeconds = noteEverySeconds) {
    this.#log = log;
    this.#part = part;
    this.#collection = collection;
    this.#everySeconds = everySeconds;
  }

  /** What it came to, where an earlier sitting ended it. */
  finished(): FinishedSearch | null {
    for (const entry of this.#log.entries) {
      if (entry.type === 'layers' && entry.part === this.#part) return entry.found;
    }
    return null;
  }

  finish(found: FinishedSearch): void {
    this.#log.append({ type: 'layers', part: this.#part, found });
  }

  /** Where the search goes on; null from the start. */
  before(): ResumedSearch | null {
    const state = this.#state();
    if (!state) return null;
    const documents = this.#collection.corpus.texts.length;
    const flags = state.bytes.subarray(0, Math.ceil(documents / 8));
    const seen = Uint8Array.from({ length: documents }, (_, row) => (flags[row >> 3]! >> (row & 7)) & 1);
    return {
      seen,
      rankings: unpackLists(state.bytes.subarray(flags.length), state.says.layers),
      documents: seen.reduce((sum, one) => sum + one, 0),
      counts: state.says.counts,
    };
  }

  /**
   * What earlier sittings ran through the model. A batch is noted before it is stored, so one whose vectors are not
   * there was lost with the tab, and is run again.
   */
  async work({ encoder, queryEncoder = encoder }: OpenedModel, store: EmbeddingStore | null): Promise<Work> {
    const state = this.#state();
    let work = state?.says.work ?? noWork;
    const batches: Extract<LogEntry, { type: 'batch' }>[] = [];
    for (const entry of this.#log.entries.slice(state?.says.entries ?? 0)) {
      if (entry.part !== this.#part) continue;
      if (entry.type === 'work') {
        work = entry.work;
        batches.length = 0;
      } else if (entry.type === 'batch') batches.push(entry);
    }
    if (batches.length === 0) return work;
    const { queries, corpus } = this.#collection;
    const names = batches.map(({ of, row }) =>
      of === 'query'
        ? storedName(queryEncoder, queries.texts[row]!)
        : storedName(encoder, corpus.texts[row]!),
    );
    const stored = (await store?.read(names)) ?? [];
    for (const [i, batch] of batches.entries()) if (stored[i]) work = sumOfWork(work, batch.work);
    this.#log.append({ type: 'work', part: this.#part, work });
    return work;
  }

  /** Notes a batch that is about to be stored. @param row whose text is one of it */
  storing(of: TextKind, row: number, work: Work): void {
    this.#log.append({ type: 'batch', part: this.#part, of, row, work });
  }

  /** Whether the lists should be noted now. */
  isDue(): boolean {
    if (this.#everySeconds === 0) return true;
    const passed = (performance.now() - this.#noted) / 1000;
    return passed >= Math.max(this.#everySeconds, shareOfNotes * this.#took);
  }

  keep(rankings: readonly Ranking[], { seen, counts, work }: HalfWay): void {
    const started = performance.now();
    const flags = new Uint8Array(Math.ceil(seen.length / 8));
    for (const [row, one] of seen.entries()) flags[row >> 3]! |= one << (row & 7);
    const lists = packLists(rankings);
    const bytes = new Uint8Array(flags.length + lists.length);
    bytes.set(flags);
    bytes.set(lists, flags.length);
    const entries = this.#log.entries.length;
    this.#log.keepState({ part: this.#part, entries, layers: rankings.length, counts, work }, bytes);
    this.#noted = performance.now();
    this.#took = (this.#noted - started) / 1000;
  }

  #state() {
    const state = this.#log.state();
    return state?.says.part === this.#part ? state : null;
  }
}
