import { UserError } from '../../base/userError.ts';
import { tieRanks } from '../../search/ties.ts';
import type { OpenedStore } from '../cache/embeddingStore.ts';
import { fuse } from '../compare/fuse.ts';
import type { RankedLists } from '../compare/ranked.ts';
import { retrieveBm25, retrieveDense } from '../compare/retrieve.ts';
import { type ReadRun, ranksNoQuery, readRunLists } from '../compare/runFile.ts';
import type { Collection } from '../data/collection.ts';
import type { NamedSource } from '../data/lines.ts';
import { forCollection, type StoredModel, sharedStore } from '../embed/idfPooling.ts';
import type { OpenedModel } from '../embed/openModel.ts';
import type { Spec } from '../spec/spec.ts';
import { type Encoder, readSystem, systemNamed } from '../spec/systemName.ts';
import type { CompareOptions } from './compareOptions.ts';
import { counting } from './counting.ts';

/** Documents retrieved where fewer are reranked; what a TREC run file holds. */
const leastDepth = 100;

/** Documents that a system retrieves of a collection. */
export function depthOf({ compare }: Pick<Spec, 'compare'>, { corpus }: Pick<Collection, 'corpus'>): number {
  return Math.min(Math.max(leastDepth, compare.rerankDepth), corpus.ids.length);
}

/** Entries that the lists of a run file have room for. */
export function runDepthOf({ corpus }: Pick<Collection, 'corpus'>): number {
  return Math.min(leastDepth, corpus.ids.length);
}

/** How lists come of files. */
interface ListFiles {
  /** Reads a run file. @returns null where it ranks no query of the collection */
  fromRun(source: NamedSource, collection: Collection): Promise<ReadRun | null>;
  /** Lists that were found before; null where they were not. */
  stored?(system: string, collection: Collection): Promise<RankedLists | null>;
}

/** Told of a collection's lists as soon as it was searched. */
export type TakeLists = (collection: Collection, lists: RankedLists) => Promise<void>;

/** Searches the collections by the systems of a comparison, each once, whoever asks: a fusion takes its parts' lists. */
export class SystemLists {
  readonly #options: CompareOptions;
  readonly #files: ListFiles;
  /** System to collection name to lists. */
  readonly #known = new Map<string, ReadonlyMap<string, RankedLists>>();

  constructor(
    options: CompareOptions,
    files: ListFiles = {
      fromRun: (source, collection) =>
        readRunLists(source, collection, {
          ties: options.spec.ties,
          least: runDepthOf(collection),
        }),
    },
  ) {
    this.#options = options;
    this.#files = files;
  }

  /** Lists by collection name; of a run file, those of the collections that it ranks. */
  async of(
    name: string,
    take: TakeLists = () => Promise.resolve(),
  ): Promise<ReadonlyMap<string, RankedLists>> {
    const known = this.#known.get(name);
    const found = new Map<string, RankedLists>();
    const keep: TakeLists = async (collection, lists) => {
      found.set(collection.name, lists);
      await take(collection, lists);
    };
    if (known) {
      for (const collection of this.#options.collections) {
        const lists = known.get(collection.name);
        if (lists) await take(collection, lists);
      }
      return known;
    }
    await this.#search(name, keep);
    this.#known.set(name, found);
    return found;
  }

  async #search(name: string, take: TakeLists): Promise<void> {
    const { spec, listen } = this.#options;
    const system = systemNamed(spec, name);
    if (system.type === 'fused') return await this.#fuse(system.parts, take);
    if (await this.#takeStored(name, take)) return;
    await listen({ type: 'stage', text: `Searching by ${name}` });
    if (system.type === 'bm25') return await this.#byWords(name, take);
    if (system.type === 'run') return await this.#ofRunFile(name, system.file, take);
    if (system.type !== 'asymmetric') return await this.#byVectors(name, system, system, take);
    const [queries, documents] = [system.queries, system.documents].map((one) => readSystem(one) as Encoder);
    await this.#byVectors(name, queries!, documents!, take);
  }

  /** @returns whether all lists of a system were found before */
  async #takeStored(name: string, take: TakeLists): Promise<boolean> {
    if (!this.#files.stored) return false;
    const known: { readonly collection: Collection; readonly lists: RankedLists }[] = [];
    for (const collection of this.#options.collections) {
      const lists = await this.#files.stored(name, collection);
      if (!lists) return false;
      known.push({ collection, lists });
    }
    for (const { collection, lists } of known) await take(collection, lists);
    return true;
  }

  #settings(name: string, collection: Collection) {
    const { spec, listen, signal } = this.#options;
    return {
      system: name,
      k: Math.max(leastDepth, spec.compare.rerankDepth),
      ties: spec.ties,
      signal,
      onProgress: counting(listen, `texts of ${collection.name} by ${name}`),
    };
  }

  async #byWords(name: string, take: TakeLists): Promise<void> {
    const { collections, notes } = this.#options;
    for (const collection of collections) {
      const { lists, counts, sentences } = await retrieveBm25(collection, this.#settings(name, collection));
      notes.searched(collection.name, name, counts, sentences);
      await take(collection, lists);
    }
  }

  async #ofRunFile(name: string, path: string, take: TakeLists): Promise<void> {
    const { collections, services, notes, signal } = this.#options;
    let found = 0;
    for (const collection of collections) {
      const file = path.replaceAll('{dataset}', collection.name);
      const source = await services.openRunFile(file, signal);
      const read = await this.#files.fromRun(source, collection);
      if (!read) continue;
      found++;
      notes.searched(collection.name, name, read.counts);
      await take(collection, read.lists);
    }
    if (found === 0) throw ranksNoQuery(path, collections);
  }

  /** Queries and documents by one encoder, or by two. */
  async #byVectors(name: string, queries: Encoder, documents: Encoder, take: TakeLists): Promise<void> {
    const { collections, journal, notes } = this.#options;
    const opened: StoredModel[] = [];
    try {
      for (const encoder of new Set([documents, queries])) opened.push(await this.#open(encoder));
      const [own, other = own] = opened;
      refuseUnequal(name, other!.model, own!.model);
      for (const collection of collections) {
        const kept = journal?.lists(
          name,
          opened.map(({ model }) => model),
          collection,
        );
        const { lists, counts } =
          kept?.found() ?? (await this.#searchDense(name, collection, { documents: own!, queries: other! }));
        kept?.keep({ lists, counts });
        notes.embedded(collection.name, counts);
        notes.searched(
          collection.name,
          name,
          [],
          opened.flatMap(({ model }) => model.notes ?? []),
        );
        await take(collection, lists);
      }
    } finally {
      for (const { model, store } of opened) {
        await store?.close();
        await model.session.dispose();
      }
    }
  }

  async #searchDense(
    name: string,
    collection: Collection,
    { documents, queries }: { readonly documents: StoredModel; readonly queries: StoredModel },
  ): ReturnType<typeof retrieveDense> {
    const { createSearcher } = this.#options.services;
    const search = (one: StoredModel, two: StoredModel) =>
      retrieveDense(
        collection,
        { documents: one, queries: two },
        createSearcher,
        this.#settings(name, collection),
      );
    return await forCollection(documents, collection, this.#openStore, (model, store) => {
      const one = { model, store };
      if (queries === documents) return search(one, one);
      return forCollection(queries, collection, this.#openStore, (queryModel, queryStore) =>
        search(one, { model: queryModel, store: queryStore }),
      );
    });
  }

  async #open(encoder: Encoder): Promise<StoredModel> {
    const { spec, services, listen, signal } = this.#options;
    const model = await services.openSystem(encoder, spec, signal);
    for (const text of model.notes ?? []) await listen({ type: 'notice', text });
    return { model, store: await sharedStore(model, this.#openStore) };
  }

  readonly #openStore = async (model: OpenedModel): Promise<OpenedStore | null> => {
    const { services, listen } = this.#options;
    if (model.unstored) return null;
    return await services.openStore(model, (text) => void listen({ type: 'notice', text }));
  };

  async #fuse([first, second]: readonly [string, string], take: TakeLists): Promise<void> {
    const { spec, collections } = this.#options;
    const lists = [await this.of(first), await this.of(second)] as const;
    for (const collection of collections) {
      const [a, b] = lists.map((one) => one.get(collection.name));
      if (!a || !b) continue;
      const ranks = tieRanks(collection.corpus.ids, spec.ties);
      await take(collection, fuse(a, b, { k: Math.max(a.k, b.k), tieRanks: ranks }));
    }
  }
}

/** @throws UserError where vectors of two widths would be compared */
function refuseUnequal(name: string, queries: OpenedModel, documents: OpenedModel): void {
  const [a, b] = [queries.session.info, documents.session.info];
  if (a.hiddenSize !== b.hiddenSize) throw unequalWidths(name, a.hiddenSize, b.hiddenSize);
}

/** What is said of an asymmetric system whose vectors do not fit each other. */
export function unequalWidths(name: string, queries: number, documents: number): UserError {
  return new UserError(
    `${name}: queries have ${queries} numbers and documents ${documents}; choose two systems of one width.`,
  );
}
