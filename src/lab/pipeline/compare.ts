import { cutLists, type RankedLists, resorted } from '../compare/ranked.ts';
import { scorePairs, type TextPair } from '../compare/rerank.ts';
import { retrieveBm25, retrieveDense } from '../compare/retrieve.ts';
import { systemTests } from '../compare/tests.ts';
import type { Collection } from '../data/collection.ts';
import { writeRun } from '../formats/trec.ts';
import { evaluateRanking, mean } from '../metrics/evaluate.ts';
import { tieRanks } from '../metrics/ties.ts';
import { isCancelled, sentenceOf } from '../problem.ts';
import type { ComparisonRow, TestRow } from '../report/report.ts';
import type { Spec } from '../spec/spec.ts';
import { tokenBudget } from './budget.ts';
import type { RunListener } from './events.ts';
import type { Services } from './services.ts';

/** Documents retrieved where nothing is reranked. */
const leastDepth = 100;

export interface CompareOptions {
  readonly spec: Spec;
  readonly collections: readonly Collection[];
  readonly services: Services;
  readonly listen: RunListener;
  readonly signal: AbortSignal;
}

/** What is compared where a spec names nothing. */
export function systemsOf({ compare, train }: Spec): readonly string[] {
  return compare.systems.length > 0
    ? compare.systems
    : ['baseline', ...train.map(({ name }) => name), 'bm25'];
}

/**
 * Retrieves with every system and reranks what each found first by the CE (section 3.3 of the paper). A
 * system that fails is said in a notice; the others' results stay.
 */
export async function compareSystems(
  options: CompareOptions,
): Promise<{ rows: ComparisonRow[]; tests: TestRow[] }> {
  const { spec, collections } = options;
  const found = new Map<string, RankedLists[]>();
  for (const system of systemsOf(spec)) {
    const lists = await attempt(options, system, () => retrieve(options, system));
    if (lists) found.set(system, lists);
  }
  const rows: ComparisonRow[] = [];
  for (const [system, lists] of found) {
    for (const [c, collection] of collections.entries()) {
      rows.push(await measured(options, collection, system, 'retrieve', lists[c]!));
    }
  }
  if (spec.compare.rerankDepth > 0 && found.size > 0) {
    rows.push(...((await attempt(options, 'The reranker', () => rerank(options, found))) ?? []));
  }
  return { rows, tests: systemTests(rows, systemsOf(spec)[0]!) };
}

async function attempt<T>(
  { listen, signal }: CompareOptions,
  what: string,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || isCancelled(error)) throw error;
    await listen({ type: 'notice', text: `${what} failed and is left out: ${sentenceOf(error)}` });
    return null;
  }
}

/** One list a collection. */
async function retrieve(
  { spec, collections, services, listen, signal }: CompareOptions,
  system: string,
): Promise<RankedLists[]> {
  const options = (collection: Collection) => ({
    k: Math.max(leastDepth, spec.compare.rerankDepth),
    ties: spec.ties,
    signal,
    onProgress: (done: number, total: number) =>
      void listen({ type: 'count', what: `texts of ${collection.name} by ${system}`, done, total }),
  });
  await listen({ type: 'stage', text: `Searching by ${system}` });
  const lists: RankedLists[] = [];
  if (system === 'bm25') {
    for (const collection of collections) lists.push(await retrieveBm25(collection, options(collection)));
    return lists;
  }
  const model = await services.openSystem(system, spec, signal);
  const store = await services.openStore(model, (text) => void listen({ type: 'notice', text }));
  try {
    for (const collection of collections) {
      lists.push(await retrieveDense(collection, model, store, services.createSearcher, options(collection)));
    }
    return lists;
  } finally {
    await store?.close();
    await model.session.dispose();
  }
}

/** The first documents of every system, ordered by the CE's logit; a pair that several found is scored once. */
async function rerank(
  options: CompareOptions,
  found: ReadonlyMap<string, readonly RankedLists[]>,
): Promise<ComparisonRow[]> {
  const { spec, collections, services, listen, signal } = options;
  const { rerankDepth } = spec.compare;
  await listen({ type: 'stage', text: `Reranking by ${spec.models.ce.source}` });
  const { session, encoder } = await services.openReranker(spec, signal);
  const rows: ComparisonRow[] = [];
  try {
    for (const [c, collection] of collections.entries()) {
      const cut = new Map([...found].map(([system, lists]) => [system, cutLists(lists[c]!, rerankDepth)]));
      const { queries, corpus } = collection;
      const places = new Map<number, number>();
      const pairs: TextPair[] = [];
      for (const { k, documents } of cut.values()) {
        for (const [at, document] of documents.entries()) {
          if (document < 0) continue;
          const query = Math.floor(at / k);
          const key = query * corpus.texts.length + document;
          if (places.has(key)) continue;
          places.set(key, pairs.length);
          pairs.push({ query, document });
        }
      }
      const logits = await scorePairs(pairs, queries.texts, corpus.texts, {
        session,
        encoder,
        tokenBudget: tokenBudget(session.info.backend),
        signal,
        onProgress: (done, total) =>
          void listen({ type: 'count', what: `pairs of ${collection.name} by the CE`, done, total }),
      });
      const ranks = tieRanks(corpus.ids, spec.ties);
      for (const [system, lists] of cut) {
        const scoreOf = (query: number, document: number): number =>
          logits[places.get(query * corpus.texts.length + document)!]!;
        rows.push(
          await measured(options, collection, system, 'retrieve+rerank', resorted(lists, scoreOf, ranks)),
        );
      }
    }
  } finally {
    await session.dispose();
  }
  return rows;
}

/** Figures of a list, and its TREC run where files are kept. */
async function measured(
  { spec, listen }: CompareOptions,
  collection: Collection,
  system: string,
  stage: ComparisonRow['stage'],
  lists: RankedLists,
): Promise<ComparisonRow> {
  const { k, documents, scores } = lists;
  const perQuery = evaluateRanking(documents, k, collection.qrels, [...collection.qrels.keys()]);
  if (spec.keep.includes('runs')) {
    const tag = system.replaceAll(/[^\w.-]+/g, '-');
    await listen({
      type: 'artefact',
      path: `runs/${collection.name}/${tag}.${stage}.trec`,
      append: false,
      bytes: new TextEncoder().encode(writeRun(collection, documents, scores, tag)),
    });
  }
  const row: ComparisonRow = {
    dataset: collection.name,
    system,
    stage,
    queries: collection.queries.ids.length,
    documents: collection.corpus.ids.length,
    metrics: Object.fromEntries([...perQuery].map(([name, values]) => [name, mean(values)])),
  };
  await listen({ type: 'comparison', row });
  return row;
}
