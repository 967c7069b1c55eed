import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RankedLists } from '../compare/ranked.ts';
import type { OpenedReranker, ScoredTime } from '../compare/rerank.ts';
import type { Collection } from '../data/collection.ts';
import type { EmbeddedCounts } from '../data/dataReport.ts';
import { collectionHash } from '../data/hash.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import type { ModelKind } from '../models/types.ts';
import { KeptSearch } from './keptSearch.ts';
import { packLists, unpackLists } from './packedLists.ts';
import type { RunLog } from './runLog.ts';

interface Retrieved {
  readonly lists: RankedLists;
  readonly counts: EmbeddedCounts;
}

/** A system's search of a collection in a run's journal. */
export interface KeptLists {
  /** What an earlier sitting found. */
  found(): Retrieved | null;
  /** Notes it, if it is not there yet. */
  keep(found: Retrieved): void;
}

/**
 * What a run has found, so that it can go on where it was cut off, to the same end. Each search is named by all that
 * decides what it finds: another model, collection or tokeniser is another search.
 */
export class RunJournal {
  readonly #log: RunLog;
  readonly #noteEverySeconds: number | undefined;
  readonly #hashes = new WeakMap<Collection, string>();

  /** @param noteEverySeconds as of {@link KeptSearch} */
  constructor(log: RunLog, noteEverySeconds?: number) {
    this.#log = log;
    this.#noteEverySeconds = noteEverySeconds;
  }

  /** Whether there is something to go on from. */
  get isEmpty(): boolean {
    return this.#log.entries.length === 0;
  }

  /** What earlier sittings of the run took. */
  get earlierSeconds(): number {
    return this.#log.earlierSeconds;
  }

  /** A model's layers on a collection. */
  layers(kind: ModelKind, model: OpenedModel, collection: Collection): KeptSearch {
    const part = this.#part(['layers', kind, ...identityOf(model)], collection);
    return new KeptSearch(this.#log, part, collection, this.#noteEverySeconds);
  }

  /** A system's lists. @param models that embed for it */
  lists(system: string, models: readonly OpenedModel[], collection: Collection): KeptLists {
    const part = this.#part(['lists', system, ...models.map(identityOf)], collection);
    const log = this.#log;
    const at = log.entries.findIndex((entry) => entry.type === 'lists' && entry.part === part);
    return {
      found() {
        const entry = log.entries[at];
        if (entry?.type !== 'lists') return null;
        const [lists] = unpackLists(log.bytes(at), 1);
        return { lists: { k: entry.k, ...lists! }, counts: entry.counts };
      },
      keep({ lists, counts }) {
        if (at >= 0) return;
        log.append({ type: 'lists', part, k: lists.k, counts }, packLists([lists]));
      },
    };
  }

  /** How long the pairs of a collection took so far, and where that is noted. */
  pairs(
    { session, encoder, tokenizerHash }: OpenedReranker,
    collection: Collection,
  ): { readonly before: ScoredTime; onScored(batch: ScoredTime): void } {
    const part = this.#part(['pairs', session.info.sha256, tokenizerHash, encoder.key], collection);
    const before = { pairs: 0, seconds: 0 };
    for (const entry of this.#log.entries) {
      if (entry.type !== 'pairs' || entry.part !== part) continue;
      before.pairs += entry.pairs;
      before.seconds += entry.seconds;
    }
    return { before, onScored: (batch) => this.#log.append({ type: 'pairs', part, ...batch }) };
  }

  close(): void {
    this.#log.close();
  }

  #part(what: readonly unknown[], collection: Collection): string {
    const hash = this.#hashes.get(collection) ?? collectionHash(collection);
    this.#hashes.set(collection, hash);
    const name = JSON.stringify([...what, collection.name, hash]);
    return bytesToHex(sha256(utf8ToBytes(name))).slice(0, 32);
  }
}

function identityOf({ session, encoder, queryEncoder, tokenizerHash }: OpenedModel): unknown[] {
  const { layers, info } = session;
  return [info.sha256, layers, info.backend, tokenizerHash, encoder.key, queryEncoder?.key];
}
