import { UserError } from '../../base/userError.ts';
import type { Family } from '../../gpu/kernels/defineKernel.ts';
import type { Timings } from '../../gpu/recorder.ts';
import type { Trainer, TrainingBatch } from '../../gpu/training/trainer.ts';
import { writeSafetensors } from '../formats/safetensors.ts';
import type { Weights } from '../models/bert/weightFile.ts';
import type { RowEncoder } from '../models/types.ts';
import type { Evaluation, TrainingRow, TrainingStep } from '../report/report.ts';
import { copiedLayers } from '../spec/copiedLayers.ts';
import { evaluateCollection } from '../training/evaluate.ts';
import type { InitialModel } from '../training/initialise.ts';
import type { OpenedCheckpoint } from '../training/keptTraining.ts';
import { learningRateAt } from '../training/schedule.ts';
import type { PlannedBatch, TrainingPlan } from '../training/trainingPlan.ts';
import type { TrainingSet } from '../training/trainingSet.ts';
import type { KernelTimes } from './events.ts';
import type { Teacher } from './teacher.ts';
import type { TrainOptions } from './trainOptions.ts';

/** Time between two looks at the loss: often enough to watch, rarely enough not to hold the device up. */
const lookEverySeconds = 0.7;
/** Steps handed to the device unseen, at most. */
const mostAhead = 64;
const checkpointEverySeconds = 60;
/** The device's time is measured in one of so many steps, and first in an early one. */
const timedEvery = 50;
const firstTimed = 2;

/** AdamW's own numbers, PyTorch's defaults, which the recipe does not change. */
const adamw = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** What a run is made of. */
export interface TrainingParts {
  readonly initial: InitialModel;
  readonly encoder: RowEncoder;
  readonly set: TrainingSet;
  readonly plan: TrainingPlan;
  /** null where the loss has none. */
  readonly teacher: Teacher | null;
}

/** A training run while it goes on. */
export class TrainingRun {
  readonly #options: TrainOptions;
  readonly #initial: InitialModel;
  readonly #encoder: RowEncoder;
  readonly #set: TrainingSet;
  readonly #plan: TrainingPlan;
  readonly #teacher: Teacher | null;
  readonly #rows = new Map<number, Int32Array>();
  readonly #steps: TrainingStep[] = [];
  readonly #evaluations: Evaluation[] = [];
  #trainer: Trainer | null = null;
  #adapter = '';
  #checkpoint: OpenedCheckpoint | null = null;
  /** Updates that were made and seen to be finite. */
  #done = 0;
  /** Seconds of this sitting and of those before it. */
  #seconds = 0;
  #started = 0;

  constructor(options: TrainOptions, { initial, encoder, set, plan, teacher }: TrainingParts) {
    this.#options = options;
    this.#initial = initial;
    this.#encoder = encoder;
    this.#set = set;
    this.#plan = plan;
    this.#teacher = teacher;
  }

  get #running(): Trainer {
    if (!this.#trainer) throw new Error('start() comes first.');
    return this.#trainer;
  }

  /** Opens the device and goes on from a checkpoint where there is one. */
  async start(): Promise<void> {
    const { train, spec, services, listen, signal } = this.#options;
    const { trainer, adapter, rounding } = await services.createTrainer(
      {
        shape: this.#initial.shape,
        weights: this.#initial.weights,
        optimiser: { ...adamw, weightDecay: train.weightDecay, maxGradNorm: train.maxGradNorm },
        loss: train.loss,
        scale: train.scale,
        temperature: train.temperature,
        adaptiveLayers: train.adaptiveLayers,
        dropout: train.dropout,
        seed: spec.seed,
        miniBatchSize: train.miniBatchSize,
        precision: train.precision,
      },
      async (text) => await listen({ type: 'stage', text }),
      signal,
    );
    this.#trainer = trainer;
    this.#adapter = adapter;
    await listen({ type: 'stage', text: `Training ${train.name}` });
    this.#checkpoint = await services.openCheckpoint(
      { train, spec, initial: this.#initial, set: this.#set, teacher: this.#teacher?.digest },
      rounding,
      (text) => void listen({ type: 'notice', text }),
    );
    const kept = await this.#checkpoint?.read();
    if (kept) {
      trainer.load(kept.weights, kept.optimiser);
      this.#done = kept.step;
      this.#seconds = kept.seconds;
      this.#steps.push(...kept.steps);
      this.#evaluations.push(...kept.evaluations);
      await listen({
        type: 'notice',
        text: `${train.name} goes on from its checkpoint at step ${kept.step}.`,
      });
      await this.#tell(kept.steps);
      for (const evaluation of kept.evaluations)
        await listen({ type: 'evaluation', name: train.name, evaluation });
    }
    this.#started = performance.now();
  }

  async train(): Promise<void> {
    const { train, signal } = this.#options;
    const { totalSteps } = this.#plan;
    const searches = train.evaluateEvery !== null;
    if (this.#done === 0) {
      await this.#save(0);
      if (searches) await this.#evaluate();
    }
    let looked = performance.now();
    let kept = performance.now();
    let submitted = this.#done;
    // Submitting does not wait for the device: how many steps a look's time holds is learnt from one, two, four, …
    let ahead = 1;
    while (submitted < totalSteps) {
      signal.throwIfAborted();
      this.#step(submitted);
      submitted++;
      const saves = train.saveSteps.includes(submitted);
      const evaluates = train.evaluateEvery ? submitted % train.evaluateEvery === 0 : false;
      const count = submitted - this.#done;
      if (count < ahead && !saves && !evaluates && submitted < totalSteps) continue;
      await this.#look(submitted);
      const perStep = (performance.now() - looked) / 1000 / count;
      ahead = Math.max(1, Math.min(mostAhead, 2 * ahead, Math.floor(lookEverySeconds / perStep)));
      if (saves) await this.#save(submitted);
      if (evaluates && submitted < totalSteps) await this.#evaluate();
      if (performance.now() - kept > checkpointEverySeconds * 1000) {
        await this.keepCheckpoint();
        kept = performance.now();
      }
      looked = performance.now();
    }
    if (searches && this.#evaluations.every(({ step }) => step !== totalSteps)) await this.#evaluate();
  }

  async finish(): Promise<{ row: TrainingRow; weights: Weights }> {
    const { train, hold } = this.#options;
    const copied = copiedLayers(train);
    const weights = new Map(await this.#running.weights()) as Weights;
    const checkpoint = this.#checkpoint;
    if (checkpoint && hold) {
      await this.keepCheckpoint();
      hold(() => checkpoint.remove());
    } else await checkpoint?.remove();
    return {
      weights,
      row: {
        name: train.name,
        init: train.init,
        layers: train.layers,
        copyLayers: copied.length,
        ...(train.copy ? { copy: copied } : {}),
        parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
        examples: this.#set.examples.length,
        totalSteps: this.#plan.totalSteps,
        seconds: this.#elapsed,
        adapter: this.#adapter,
        steps: this.#steps,
        evaluations: this.#evaluations,
      },
    };
  }

  /** Puts away what the run needs to go on with the same bits. */
  async keepCheckpoint(): Promise<void> {
    if (!this.#checkpoint || !this.#trainer || this.#done === 0) return;
    // Steps may have been submitted that were not looked at yet; the weights are those behind all of them.
    await this.#look(this.#submitted);
    await this.#checkpoint.write({
      step: this.#done,
      seconds: this.#elapsed,
      weights: await this.#running.weights(),
      optimiser: await this.#running.optimiserState(),
      steps: this.#steps,
      evaluations: this.#evaluations,
    });
  }

  close(): void {
    this.#trainer?.destroy();
  }

  #submitted = 0;
  /** Times of steps that are still on the device. */
  #timing: Promise<Timings | null>[] = [];
  #timedSteps = 0;
  readonly #times = new Map<Family, number>();

  /** Submits a step. Measuring its time puts timestamps between the kernels, and changes no bit. */
  #step(step: number): void {
    const [batch, rate] = [this.#batch(step), this.#rate(step)];
    if (step % timedEvery !== firstTimed) {
      this.#running.step(batch, rate, step);
      return;
    }
    const timed = this.#running.timedStep(batch, rate, step);
    // A lost device is told of by the next look.
    if (timed) this.#timing.push(timed.catch(() => null));
  }

  async #tellTimes(): Promise<void> {
    const { train, listen } = this.#options;
    if (this.#timing.length === 0) return;
    for (const times of await Promise.all(this.#timing.splice(0))) {
      if (!times) continue;
      this.#timedSteps++;
      for (const [family, ms] of times) this.#times.set(family, (this.#times.get(family) ?? 0) + ms);
    }
    if (this.#timedSteps === 0) return;
    const milliseconds: KernelTimes = Object.fromEntries(
      [...this.#times].map(([family, ms]) => [family, ms / this.#timedSteps]),
    );
    await listen({ type: 'kernels', name: train.name, milliseconds });
  }

  /** Seconds of training, over all its sittings. */
  get #elapsed(): number {
    return this.#seconds + (performance.now() - this.#started) / 1000;
  }

  #rate(step: number): number {
    const { learningRate, warmupSteps: asked } = this.#options.train;
    const { totalSteps } = this.#plan;
    const warmupSteps = asked < 1 ? Math.round(asked * totalSteps) : asked;
    return learningRateAt(step, { learningRate, warmupSteps, totalSteps });
  }

  #batch(step: number): TrainingBatch {
    this.#submitted = step + 1;
    const planned: PlannedBatch = this.#plan.batch(step);
    const row = (text: number): Int32Array => {
      const known = this.#rows.get(text) ?? this.#encoder.encode(this.#set.texts[text]!).inputIds;
      this.#rows.set(text, known);
      return known;
    };
    const teacher = this.#teacher?.valuesOf(planned);
    return { queries: planned.queries.map(row), documents: planned.documents.map(row), teacher };
  }

  /** Reads what the steps came to since the last look. */
  async #look(submitted: number): Promise<void> {
    const { train } = this.#options;
    const numbers = Array.from({ length: submitted - this.#done }, (_, i) => this.#done + i);
    if (numbers.length === 0) return;
    const stats = await this.#running.stats(numbers);
    const fresh: TrainingStep[] = [];
    for (const [index, { loss, gradNorm, taken }] of stats.entries()) {
      const step = numbers[index]!;
      if (!taken || !Number.isFinite(loss)) {
        throw new UserError(
          `${train.name} stopped at step ${step}: its loss is ${loss} and the norm of its gradient ${gradNorm}; lower the learning rate.`,
        );
      }
      fresh.push({ step, loss, learningRate: this.#rate(step), gradNorm });
    }
    this.#steps.push(...fresh);
    this.#done = submitted;
    await this.#tell(fresh);
    await this.#tellTimes();
  }

  async #tell(steps: readonly TrainingStep[]): Promise<void> {
    const { train, listen } = this.#options;
    const perStep = this.#done > 0 && this.#started > 0 ? this.#elapsed / this.#done : null;
    await listen({
      type: 'training',
      name: train.name,
      steps,
      totalSteps: this.#plan.totalSteps,
      pairsPerSecond: perStep === null ? 0 : train.batchSize / perStep,
      secondsLeft: perStep === null ? null : perStep * (this.#plan.totalSteps - this.#done),
    });
  }

  /** Writes `checkpoints/NAME/step-N.safetensors` where the spec asks for it. */
  async #save(step: number): Promise<void> {
    const { train, listen } = this.#options;
    if (!train.saveSteps.includes(step)) return;
    await listen({
      type: 'artefact',
      path: `checkpoints/${train.name}/step-${step}.safetensors`,
      append: false,
      bytes: writeSafetensors(await this.#running.weights()),
    });
  }

  /** Searches the collections by what was learnt so far; the time that takes is none of the training's. */
  async #evaluate(): Promise<void> {
    const { heldOut, train, spec, services, listen, signal } = this.#options;
    const began = performance.now();
    try {
      for (const collection of heldOut) {
        const metrics = await evaluateCollection(
          collection,
          (texts) => this.#running.embed(texts.map((text) => this.#encoder.encode(text).inputIds)),
          {
            hiddenSize: this.#initial.shape.hidden,
            topK: spec.layerwise.topK,
            ties: spec.ties,
            createSearcher: services.createSearcher,
            signal,
          },
        );
        const evaluation: Evaluation = {
          step: this.#done,
          dataset: collection.name,
          queries: collection.queries.ids.length,
          documents: collection.corpus.ids.length,
          metrics,
        };
        this.#evaluations.push(evaluation);
        await listen({ type: 'evaluation', name: train.name, evaluation });
      }
    } finally {
      this.#started += performance.now() - began;
    }
  }
}
