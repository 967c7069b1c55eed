import { splitSource } from '../hub/source.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import { type TeacherSpec, teacherOf } from '../spec/teacherOf.ts';
import { drawnPerQuery, minedPerQuery } from '../training/negativeCounts.ts';
import { TrainingPlan } from '../training/trainingPlan.ts';
import { gatherPairs, type TrainingSet } from '../training/trainingSet.ts';
import { givenPairs, rememberingPairs, sourcesOf } from './givenPairs.ts';
import type { TrainingServices } from './trainOptions.ts';

/** How fast a teacher answers somewhere. */
export interface TeacherPace {
  /** Seconds that the DE takes for a character of a text; null where that was not timed. */
  readonly embedding: number | null;
  /** Seconds that the CE takes for a character of a document, read with its query; null where nothing was reranked. */
  readonly scoring: number | null;
}

/** What a training run asks of its teacher before the first step. */
export interface TeacherCost {
  /** Of the run. */
  readonly name: string;
  /** What is counted: texts that a dual encoder embeds, or pairs that a cross encoder scores. */
  readonly what: 'texts' | 'pairs';
  readonly source: string;
  /** At most; null where the pairs were not counted, and all of them are taken. */
  readonly count: number | null;
  /** At most; null where no pace of this teacher is known, or not how long the texts are. */
  readonly seconds: number | null;
}

interface CostOptions {
  readonly spec: Spec;
  readonly pace: TeacherPace | null;
  /** Gives pairs to count; without it they are reckoned by the steps alone. */
  readonly services?: Pick<TrainingServices, 'loadTrainingPairs'>;
  /** How long a text is where none is counted. */
  readonly charactersPerText?: number;
}

/**
 * Reckons what the teachers of a spec's runs are asked; nothing for runs whose loss has none. Pairs of the hub are never
 * fetched to be counted.
 * @throws UserError where a run has no pairs
 */
export async function teacherCosts(options: CostOptions): Promise<TeacherCost[]> {
  const costs: TeacherCost[] = [];
  const { spec, pace } = options;
  const services = options.services && rememberingPairs(options.services);
  for (const train of spec.train) {
    const teacher = teacherOf(train, spec.models);
    if (teacher) costs.push(costOf(train, teacher, await askedBy(train, { ...options, services }), pace));
  }
  return costs;
}

function costOf(
  { name }: TrainSpec,
  { kind, source, isOwn }: TeacherSpec,
  asked: Asked | null,
  pace: TeacherPace | null,
): TeacherCost {
  const isCe = kind === 'ce';
  const rate = (isOwn ? (isCe ? pace?.scoring : pace?.embedding) : null) ?? null;
  const about = { name, what: isCe ? 'pairs' : 'texts', source } as const;
  if (!asked) return { ...about, count: null, seconds: null };
  const { queries, documents, pairs, characters } = asked;
  const count = isCe ? pairs : queries + documents;
  if (rate === null || characters === null) return { ...about, count, seconds: null };
  const read = isCe
    ? pairs * characters.document
    : queries * characters.query + documents * characters.document;
  return { ...about, count, seconds: rate * read };
}

/** null where neither the steps nor the pairs are counted. */
async function askedBy(
  train: TrainSpec,
  { spec, services, charactersPerText }: CostOptions,
): Promise<Asked | null> {
  if (services && sourcesOf(train, spec).every((source) => splitSource(source).scheme !== 'hub')) {
    const { pairs } = await givenPairs({ train, spec, services }, new AbortController().signal);
    return askedOf(gatherPairs(pairs, train.shuffle), train, spec.seed);
  }
  if (train.steps === null) return null;
  const queries = train.steps * train.batchSize;
  const documents = queries * (1 + drawnPerQuery(train));
  return {
    queries,
    documents,
    pairs: documents,
    characters:
      charactersPerText === undefined ? null : { query: charactersPerText, document: charactersPerText },
  };
}

interface Asked {
  readonly queries: number;
  readonly documents: number;
  readonly pairs: number;
  /** Of one on average; null where it is not known. */
  readonly characters: { readonly query: number; readonly document: number } | null;
}

/** What the steps can see at most: as many as they draw, and as many as there are. */
function askedOf(set: TrainingSet, train: TrainSpec, seed: number): Asked {
  const { examples, texts } = set;
  const { totalSteps, stepsPerEpoch } = new TrainingPlan(set, { ...train, seed });
  const rest = (totalSteps % stepsPerEpoch) * train.batchSize;
  const drawn = Math.floor(totalSteps / stepsPerEpoch) * examples.length + Math.min(rest, examples.length);
  const perQuery = drawnPerQuery(train);
  const listed = (negatives: readonly number[]): number =>
    train.negatives === 'bm25' ? minedPerQuery(perQuery) : negatives.length;
  const sum = (of: (example: TrainingSet['examples'][number]) => number): number =>
    examples.reduce((total, example) => total + of(example), 0);
  const queryRows = new Set(examples.map(({ query }) => query));
  const documentRows = new Set(
    examples.flatMap(({ positives, negatives }) => [
      ...positives,
      ...(train.negatives === 'none' ? [] : negatives),
    ]),
  );
  const meanLength = (rows: ReadonlySet<number>): number =>
    [...rows].reduce((total, row) => total + texts[row]!.length, 0) / Math.max(1, rows.size);
  const positivePairs = sum(({ positives }) => positives.length);
  const negativePairs = perQuery === 0 ? 0 : sum(({ negatives }) => listed(negatives));
  return {
    queries: Math.min(drawn, queryRows.size),
    documents: Math.min(drawn * (1 + perQuery), documentRows.size),
    pairs: Math.min(drawn, positivePairs) + Math.min(drawn * perQuery, negativePairs),
    characters: { query: meanLength(queryRows), document: meanLength(documentRows) },
  };
}
