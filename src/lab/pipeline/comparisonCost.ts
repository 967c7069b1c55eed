import type { Collection } from '../data/collection.ts';
import type { ExpectedCollection } from '../data/hub/expect.ts';
import { sampleCollection } from '../data/sample.ts';
import type { Report } from '../report/report.ts';
import type { DatasetSpec, Spec, TrainSpec } from '../spec/spec.ts';
import { isEncoder, systemNamed, systemsOf } from '../spec/systemName.ts';
import { drawnPerQuery } from '../training/negativeCounts.ts';
import { type TeacherCost, type TeacherPace, teacherCosts } from './teacherCost.ts';

/** How fast a comparison went somewhere. */
export interface ComparisonPace {
  /** Seconds that a character of a text takes, by system. */
  readonly encoding: Readonly<Record<string, number>>;
  /** Seconds that a character of a document takes, read with its query by the CE; null where nothing was reranked. */
  readonly reranking: number | null;
  /** Seconds that a token of a training text takes, of as many as its run allows; null where nothing was trained. */
  readonly training: number | null;
  /** Where that was, to be read behind "at the pace of". */
  readonly source: string;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Tokens that a training run reads at most. */
function trainingTokens(train: TrainSpec, steps: number): number {
  return steps * train.batchSize * (2 + drawnPerQuery(train)) * train.maxLength;
}

/** The pace of a run that timed its systems; null for one that did not. */
export function comparisonPaceOf(report: Report, source: string): ComparisonPace | null {
  const { speed, rerankDepths, training, spec, environment } = report;
  const work = environment.models.de?.work;
  // Older reports do not say how long the timed texts were; those of the layers are of the same collections.
  const usual = work && work.texts > 0 ? work.characters / work.texts : null;
  const timed = speed.flatMap(({ dataset, system, textsPerSecond, characters = usual }) =>
    characters === null ? [] : [{ dataset, system, characters, seconds: 1 / (textsPerSecond * characters) }],
  );
  if (timed.length === 0) return null;
  const trained = new Set(spec.train.map(({ name }) => name));
  const of = (has: (system: string) => boolean): number | null =>
    mean(timed.filter(({ system }) => has(system)).map(({ seconds }) => seconds));
  const small = of((system) => trained.has(system));
  const deepest = Math.max(0, ...rerankDepths.map(({ depth }) => depth));
  const pairs = rerankDepths.filter(
    ({ depth, seconds, pairs: read }) => depth === deepest && seconds > 0 && read > 0,
  );
  return {
    encoding: {
      ...Object.fromEntries(timed.map(({ system }) => [system, of((one) => one === system)!])),
      ...(small === null ? {} : { small }),
    },
    reranking: mean(
      pairs.flatMap(({ dataset, seconds, pairs: read }) => {
        const characters = timed.find((one) => one.dataset === dataset)?.characters;
        return characters === undefined ? [] : [seconds / (read * characters)];
      }),
    ),
    training: mean(
      training.flatMap(({ name, seconds, totalSteps }) => {
        const train = spec.train.find((one) => one.name === name);
        return train ? [seconds / trainingTokens(train, totalSteps)] : [];
      }),
    ),
    source,
  };
}

/** A teacher is the baseline, or the CE that reranks. */
export function teacherPaceOf({ encoding, reranking }: ComparisonPace): TeacherPace {
  return { embedding: encoding.baseline ?? null, scoring: reranking };
}

/** Seconds of the spec's sample and of everything; null where no pace is known. */
export interface PartCost {
  readonly seconds: number | null;
  readonly fullSeconds: number | null;
}

export interface CollectionCost {
  readonly dataset: string;
  /** What each system adds that none before it has done, then reranking. */
  readonly parts: readonly (PartCost & { readonly what: string })[];
}

export interface ComparisonCost {
  readonly collections: readonly CollectionCost[];
  /** The same whatever the sample. */
  readonly training: readonly { readonly name: string; readonly seconds: number | null }[];
  /** Before the first step of those that have one. */
  readonly teachers: readonly TeacherCost[];
  /** Null where a part's pace is not known. */
  readonly seconds: number | null;
  readonly fullSeconds: number | null;
  /** Whether every collection is taken whole. */
  readonly isFull: boolean;
  readonly basis: string;
}

interface Extent {
  readonly queries: number;
  readonly documents: number;
  /** Of all texts. */
  readonly characters: number;
}

/** Of the documents that a further system finds, the share that no system before it has found; measured on a few. */
const freshShare = 0.5;

/** What a comparison takes, collection by collection and system by system, for the spec's sample and in full. */
export async function comparisonCost(
  spec: Spec,
  pace: ComparisonPace,
  load: (dataset: DatasetSpec) => Promise<Collection | ExpectedCollection>,
): Promise<ComparisonCost> {
  const collections: CollectionCost[] = [];
  const texts = { queries: 0, documents: 0, characters: 0 };
  let isFull = true;
  for (const dataset of spec.datasets) {
    const { name, sample, full } = extentsOf(dataset, await load(dataset), spec.seed);
    isFull &&= sample.queries === full.queries && sample.documents === full.documents;
    collections.push({ dataset: name, parts: partsOf(spec, pace, sample, full) });
    texts.queries += full.queries;
    texts.documents += full.documents;
    texts.characters += full.characters;
  }
  const training = spec.train.map((train) => ({
    name: train.name,
    seconds:
      train.steps === null || pace.training === null
        ? null
        : trainingTokens(train, train.steps) * pace.training,
  }));
  // Training pairs are not read for it, and are taken to be as long as the collections' texts.
  const charactersPerText = texts.characters / Math.max(1, texts.queries + texts.documents);
  const teachers = await teacherCosts({ spec, pace: teacherPaceOf(pace), charactersPerText });
  const parts = collections.flatMap((one) => one.parts);
  const total = (of: readonly (number | null)[]): number | null =>
    of.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  return {
    collections,
    training,
    teachers,
    seconds: total([...parts, ...training, ...teachers].map(({ seconds }) => seconds)),
    fullSeconds: total([
      ...parts.map(({ fullSeconds }) => fullSeconds),
      ...[...training, ...teachers].map(({ seconds }) => seconds),
    ]),
    isFull,
    basis: pace.source,
  };
}

function partsOf(spec: Spec, pace: ComparisonPace, sample: Extent, full: Extent): CollectionCost['parts'] {
  const systems = systemsOf(spec);
  const done = new Set<string>();
  const parts = systems.map((what) => {
    const each = encodersOf(spec, what).flatMap(({ name, share }) => {
      const key = `${name} ${share}`;
      if (done.has(key)) return [];
      done.add(key);
      const seconds = secondsPerCharacter(spec, pace, name);
      return [{ seconds, share }];
    });
    const of = ({ queries, documents, characters }: Extent): number | null =>
      each.reduce<number | null>((sum, { seconds, share }) => {
        if (sum === null || seconds === null) return null;
        const texts = { all: queries + documents, queries, documents }[share];
        return sum + (seconds * characters * texts) / Math.max(1, queries + documents);
      }, 0);
    return { what, seconds: of(sample), fullSeconds: of(full) };
  });
  const { rerankDepth } = spec.compare;
  if (rerankDepth === 0) return parts;
  const reranking = ({ queries, documents, characters }: Extent): number | null => {
    if (pace.reranking === null) return null;
    const found = Math.min(rerankDepth, documents) * (1 + freshShare * (systems.length - 1));
    const pairs = queries * Math.min(documents, found);
    return (pace.reranking * pairs * characters) / Math.max(1, queries + documents);
  };
  return [...parts, { what: 'reranking', seconds: reranking(sample), fullSeconds: reranking(full) }];
}

interface NamedEncoder {
  readonly name: string;
  /** Which texts it embeds. */
  readonly share: 'all' | 'queries' | 'documents';
}

/** The encoders that a system runs. */
export function encodersOf(spec: Spec, name: string): NamedEncoder[] {
  const system = systemNamed(spec, name);
  if (isEncoder(system)) return [{ name, share: 'all' }];
  if (system.type === 'fused') return system.parts.flatMap((part) => encodersOf(spec, part));
  if (system.type !== 'asymmetric') return [];
  return [
    { name: system.queries, share: 'queries' },
    { name: system.documents, share: 'documents' },
  ];
}

/** A system that was not timed goes by one of its kind; null where there is none. */
function secondsPerCharacter(spec: Spec, { encoding }: ComparisonPace, name: string): number | null {
  const own = encoding[name];
  if (own !== undefined) return own;
  const system = systemNamed(spec, name);
  // Looking rows up takes next to nothing beside an encoder.
  if (system.type === 'static') return 0;
  if (system.type !== 'model') return null;
  // One that is cut behind a layer takes no longer than the whole.
  const trained = spec.train.find((train) => system.source === `folder:${train.name}`);
  return trained ? (encoding[trained.name] ?? encoding.small ?? null) : null;
}

function extentsOf(
  dataset: DatasetSpec,
  whole: Collection | ExpectedCollection,
  seed: number,
): { name: string; sample: Extent; full: Extent } {
  if ('bytes' in whole) {
    const extent = (queries: number, documents: number): Extent => ({
      queries,
      documents,
      characters: (queries + documents) * whole.charactersPerText,
    });
    return {
      name: dataset.source,
      sample: extent(
        Math.min(dataset.queries ?? whole.queries, whole.queries),
        Math.min(dataset.documents ?? whole.documents, whole.documents),
      ),
      full: extent(whole.queries, whole.documents),
    };
  }
  const { queries, documents } = dataset;
  return {
    name: whole.name,
    sample: extentOf(sampleCollection(whole, { queries, documents, seed })),
    full: extentOf(whole),
  };
}

function extentOf({ queries, corpus }: Collection): Extent {
  const length = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
  return {
    queries: queries.texts.length,
    documents: corpus.texts.length,
    characters: length(queries.texts) + length(corpus.texts),
  };
}
