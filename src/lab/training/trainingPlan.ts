import { generator, permutation } from '../../base/random.ts';
import type { Example, TrainingSet } from './trainingSet.ts';

export interface PlanOptions {
  readonly seed: number;
  readonly shuffle: boolean;
  readonly batchSize: number;
  readonly epochs: number;
  /** null makes `epochs` passes. */
  readonly steps: number | null;
  /** Negatives that each query brings into a batch, where it has so many. */
  readonly negativesPerQuery: number;
}

/** Rows of the set's texts. Document q is the positive of query q; behind those come the negatives of all. */
export interface PlannedBatch {
  readonly queries: readonly number[];
  readonly documents: readonly number[];
  /** Of each query its own among the documents, by number: its positive first. */
  readonly candidates: readonly (readonly number[])[];
}

interface Epoch {
  readonly number: number;
  readonly batches: readonly (readonly number[])[];
}

/**
 * Which texts each step trains on. Nothing but the seed and the step's number decides, so a run that is
 * resumed at any step sees the same batches.
 *
 * Each epoch has every example once, the last batch holding what is left over. An example brings one
 * positive and `negativesPerQuery` negatives, by turns from epoch to epoch. Shuffled, no text stands twice
 * in a batch, as with sentence-transformers' NoDuplicatesBatchSampler, until only examples are left that
 * collide. Unshuffled, batches are the examples in their order, whatever they hold.
 */
export class TrainingPlan {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly #set: TrainingSet;
  readonly #options: PlanOptions;
  /** Where each example's turns begin; null begins all at the first. */
  readonly #turns: Int32Array | null;
  #epoch: Epoch | null = null;

  constructor(set: TrainingSet, options: PlanOptions) {
    this.#set = set;
    this.#options = options;
    this.stepsPerEpoch = Math.ceil(set.examples.length / options.batchSize);
    this.totalSteps = options.steps ?? Math.ceil(options.epochs * this.stepsPerEpoch);
    this.#turns = options.shuffle ? permutation(set.examples.length, generator(options.seed)) : null;
  }

  /** @param step counts from 0 and may lie beyond the last */
  batch(step: number): PlannedBatch {
    const number = Math.floor(step / this.stepsPerEpoch);
    if (this.#epoch?.number !== number) this.#epoch = { number, batches: this.#batches(number) };
    const drawn = this.#epoch.batches[step - number * this.stepsPerEpoch]!.map((at) =>
      this.#draw(at, number),
    );
    let next = drawn.length;
    return {
      queries: drawn.map(({ query }) => query),
      documents: [...drawn.map(({ positive }) => positive), ...drawn.flatMap(({ negatives }) => negatives)],
      candidates: drawn.map(({ negatives }, number) => [number, ...negatives.map(() => next++)]),
    };
  }

  #draw(at: number, epoch: number): { query: number; positive: number; negatives: readonly number[] } {
    const { query, positives, negatives }: Example = this.#set.examples[at]!;
    const turn = this.#turns?.[at] ?? 0;
    const { negativesPerQuery } = this.#options;
    const count = Math.min(negativesPerQuery, negatives.length);
    return {
      query,
      positive: positives[(turn + epoch) % positives.length]!,
      negatives: Array.from(
        { length: count },
        (_, n) => negatives[(turn + epoch * negativesPerQuery + n) % negatives.length]!,
      ),
    };
  }

  #batches(epoch: number): readonly (readonly number[])[] {
    const { seed, shuffle, batchSize } = this.#options;
    const count = this.#set.examples.length;
    if (!shuffle)
      return slices(
        Int32Array.from({ length: count }, (_, at) => at),
        batchSize,
      );
    const order = permutation(count, generator(epochSeed(seed, epoch)));
    const drawn = this.#set.examples.map((_, at) => {
      const { query, positive, negatives } = this.#draw(at, epoch);
      return [query, positive, ...negatives];
    });
    // For each text the last batch that holds it, counted from 1.
    const heldBy = new Int32Array(this.#set.texts.length);
    const batches: number[][] = [];
    let next = 0;
    // Examples that collided with a batch and wait for the next, in the order's order.
    let passed: readonly number[] = [];
    while (next < count || passed.length > 0) {
      const number = batches.length + 1;
      const batch: number[] = [];
      const waiting: number[] = [];
      const consider = (at: number): void => {
        const rows = drawn[at]!;
        if (batch.length === batchSize || rows.some((row) => heldBy[row] === number)) {
          waiting.push(at);
          return;
        }
        for (const row of rows) heldBy[row] = number;
        batch.push(at);
      };
      for (const at of passed) consider(at);
      while (batch.length < batchSize && next < count) consider(order[next++]!);
      if (batch.length < batchSize && waiting.length > 0) {
        // Nothing but collisions is left: duplicates are allowed rather than examples dropped.
        return [...batches, ...slices([...batch, ...waiting], batchSize)];
      }
      batches.push(batch);
      passed = waiting;
    }
    return batches;
  }
}

function slices(order: ArrayLike<number>, size: number): number[][] {
  const all = Array.from(order);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** Epochs of neighbouring numbers, and of neighbouring seeds, have unlike orders. */
function epochSeed(seed: number, epoch: number): number {
  return (seed ^ Math.imul(epoch + 1, 0x9e3779b1)) >>> 0;
}
