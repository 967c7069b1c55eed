import { isCancelled, sentenceOf } from '../../base/userError.ts';
import { tieRanks } from '../../search/ties.ts';
import { depthsUpTo, withReranked } from '../compare/depths.ts';
import { ComparisonDetails, measuredDepth } from '../compare/details.ts';
import { pooledTests } from '../compare/pooledTests.ts';
import { cutLists, type RankedLists, resorted } from '../compare/ranked.ts';
import { measureSpeed, type TimedSystem } from '../compare/speed.ts';
import { type QueryValues, systemTests } from '../compare/tests.ts';
import type { Collection } from '../data/collection.ts';
import { idfPooled } from '../embed/idfPooling.ts';
import { writeQrels } from '../formats/trec.ts';
import { evaluateRanking, mean } from '../metrics/evaluate.ts';
import type { ComparisonRow, DepthRow, SpeedRow, Stage, TestRow } from '../report/report.ts';
import { type Encoder, isEncoder, readSystem, systemNamed, systemsOf } from '../spec/systemName.ts';
import type { CompareOptions } from './compareOptions.ts';
import { counting } from './counting.ts';
import { type PairScores, type ScoreLists, withReranker } from './pairScores.ts';
import { SystemLists, type TakeLists } from './systemLists.ts';

export interface Comparison {
  readonly rows: ComparisonRow[];
  readonly depths: DepthRow[];
  readonly speed: SpeedRow[];
  readonly tests: TestRow[];
  readonly pooledTests: TestRow[];
  /** Systems and stages that failed, a sentence each. */
  readonly failures: string[];
  readonly details: ComparisonDetails;
}

/** Where a comparison has its lists and logits from. */
export interface ComparisonSource {
  /** Gives the lists of a system, collection by collection. */
  lists(system: string, take: TakeLists): Promise<unknown>;
  rerank(work: (score: ScoreLists) => Promise<void>): Promise<void>;
}

function computed(options: CompareOptions): ComparisonSource {
  const lists = new SystemLists(options);
  return {
    lists: (system, take) => lists.of(system, take),
    rerank: (work) => withReranker(options, work),
  };
}

/**
 * Retrieves with every system, reranks what each found first by the CE (section 3.3 of the paper), and times the
 * encoders where the spec asks for it. A system that fails is said in a notice; the others' results stay, and its
 * own of the collections before.
 */
export async function compareSystems(
  options: CompareOptions,
  source: ComparisonSource = computed(options),
): Promise<Comparison> {
  const { spec, collections } = options;
  const comparing = new Comparing(options, source, new ComparisonDetails(collections));
  const systems = systemsOf(spec);
  for (const system of systems) await comparing.attempt(system, () => comparing.retrieve(system));
  if (spec.compare.rerankDepth > 0) await comparing.attempt('The reranker', () => comparing.rerank());
  if (spec.compare.speed) await comparing.attempt('Timing', () => comparing.time(systems));
  return comparing.result(systems[0]!);
}

class Comparing {
  readonly #options: CompareOptions;
  readonly #details: ComparisonDetails;
  readonly #rows: ComparisonRow[] = [];
  readonly #depths: DepthRow[] = [];
  readonly #speed: SpeedRow[] = [];
  readonly #failures: string[] = [];
  /** Collection name to system to its lists. */
  readonly #found = new Map<string, Map<string, RankedLists>>();
  readonly #source: ComparisonSource;

  constructor(options: CompareOptions, source: ComparisonSource, details: ComparisonDetails) {
    this.#options = options;
    this.#source = source;
    this.#details = details;
  }

  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    const { listen, signal } = this.#options;
    try {
      await work();
    } catch (error) {
      if (signal.aborted || isCancelled(error)) throw error;
      const text = `${what} failed and is left out: ${sentenceOf(error)}`;
      this.#failures.push(text);
      await listen({ type: 'notice', text });
    }
  }

  async retrieve(name: string): Promise<void> {
    await this.#source.lists(name, (collection, lists) => this.#take(collection, name, lists));
  }

  async #take(collection: Collection, system: string, lists: RankedLists): Promise<void> {
    const known = this.#found.get(collection.name) ?? new Map<string, RankedLists>();
    this.#found.set(collection.name, known.set(system, lists));
    await this.#measured(collection, system, 'retrieve', lists);
  }

  /** The first documents of every system, ordered by the CE's logit; a pair that several found is scored once. */
  async rerank(): Promise<void> {
    const { spec, collections, notes } = this.#options;
    if (this.#found.size === 0) return;
    await this.#source.rerank(async (score) => {
      for (const collection of collections) {
        const found = this.#found.get(collection.name) ?? new Map<string, RankedLists>();
        const cut = [...found].map(([system, lists]) => ({
          system,
          lists,
          first: cutLists(lists, spec.compare.rerankDepth),
        }));
        const scores = await score(
          collection,
          cut.map(({ first }) => first),
        );
        notes.searched(collection.name, 'reranker', scores.counts);
        const ranks = tieRanks(collection.corpus.ids, spec.ties);
        for (const { system, lists, first } of cut) {
          const reranked = resorted(first, scores.scoreOf, ranks);
          await this.#measured(collection, system, 'retrieve+rerank', reranked);
          this.#byDepth(collection, { system, lists, scores, ranks });
        }
      }
    });
  }

  #byDepth(
    collection: Collection,
    {
      system,
      lists,
      scores: { scoreOf, secondsPerPair },
      ranks,
    }: {
      readonly system: string;
      readonly lists: RankedLists;
      readonly scores: PairScores;
      readonly ranks: Int32Array | null;
    },
  ): void {
    for (const depth of depthsUpTo(this.#options.spec.compare.rerankDepth)) {
      const first = cutLists(lists, depth);
      const documents = withReranked(lists, resorted(first, scoreOf, ranks));
      const seen = cutLists({ ...lists, documents }, measuredDepth);
      const values = evaluateRanking(seen.documents, seen.k, collection.qrels, [...collection.qrels.keys()]);
      const pairs = first.documents.reduce((sum, row) => sum + (row >= 0 ? 1 : 0), 0);
      this.#depths.push({
        dataset: collection.name,
        system,
        depth,
        pairs,
        seconds: pairs * secondsPerPair,
        metrics: meansOf(values),
      });
    }
  }

  /** Encoding speed of every system that encodes, all of them open at once, nothing else at work. */
  async time(names: readonly string[]): Promise<void> {
    const { collections, listen, signal } = this.#options;
    await listen({ type: 'stage', text: 'Timing the encoders' });
    const timed: TimedSystem[] = [];
    try {
      for (const name of names) {
        await this.attempt(`Timing of ${name}`, async () => {
          const system = await this.#openTimed(name);
          if (system) timed.push(system);
        });
      }
      if (timed.length === 0) return;
      for (const collection of collections) {
        const { texts } = collection.corpus;
        const rows = await measureSpeed(
          timed.map(({ name, model, queryModel }) => ({
            name,
            model: idfPooled(model, texts),
            ...(queryModel ? { queryModel: idfPooled(queryModel, texts) } : {}),
          })),
          {
            dataset: collection.name,
            texts,
            queries: collection.queries.texts,
            signal,
            onProgress: this.#count(`rounds of ${collection.name}`),
          },
        );
        for (const [i, row] of rows.entries()) {
          const { hiddenSize } = timed[i]!.model.session.info;
          this.#speed.push({ ...row, indexBytes: texts.length * hiddenSize * 4 });
        }
      }
    } finally {
      for (const { model, queryModel } of timed) {
        await model.session.dispose();
        await queryModel?.session.dispose();
      }
    }
  }

  /** null for a system that encodes nothing, or whose lists are of two systems. */
  async #openTimed(name: string): Promise<TimedSystem | null> {
    const { spec, services, signal } = this.#options;
    const system = systemNamed(spec, name);
    if (isEncoder(system)) return { name, model: await services.openSystem(system, spec, signal) };
    if (system.type !== 'asymmetric') return null;
    const [documents, queries] = [system.documents, system.queries].map((one) => readSystem(one) as Encoder);
    const model = await services.openSystem(documents!, spec, signal);
    try {
      return { name, model, queryModel: await services.openSystem(queries!, spec, signal) };
    } catch (error) {
      await model.session.dispose();
      throw error;
    }
  }

  result(baseline: string): Comparison {
    const valuesOf: QueryValues = (...place) => this.#details.values(...place);
    const tests = systemTests(this.#rows, baseline, valuesOf, this.#options.spec.seed);
    return {
      rows: this.#rows,
      depths: this.#depths,
      speed: this.#speed,
      tests,
      pooledTests: pooledTests(this.#rows, baseline, valuesOf),
      failures: this.#failures,
      details: this.#details,
    };
  }

  #count(what: string): (done: number, total: number) => void {
    return counting(this.#options.listen, what);
  }

  /** Figures of a list, and its TREC run where files are kept. */
  async #measured(collection: Collection, system: string, stage: Stage, lists: RankedLists): Promise<void> {
    const { spec, listen } = this.#options;
    const values = this.#details.add(collection.name, system, stage, lists);
    if (spec.keep.includes('runs')) {
      const write = async (path: string, text: string): Promise<void> =>
        await listen({ type: 'artefact', path, append: false, bytes: new TextEncoder().encode(text) });
      await write(`qrels/${collection.name}.trec`, writeQrels(collection));
      const { path, text } = this.#details.runFile(collection.name, system, stage);
      await write(path, text);
    }
    const row: ComparisonRow = {
      dataset: collection.name,
      system,
      stage,
      queries: collection.queries.ids.length,
      documents: collection.corpus.ids.length,
      metrics: meansOf(values),
    };
    this.#rows.push(row);
    await listen({ type: 'comparison', row });
  }
}

function meansOf(values: ReadonlyMap<string, Float64Array>): Record<string, number> {
  return Object.fromEntries([...values].map(([name, each]) => [name, mean(each)]));
}
