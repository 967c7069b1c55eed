import { parameterShapes } from '../src/base/bertShape.ts';
import type { DeviceSession } from '../src/gpu/deviceSession.ts';
import { createTrainer } from '../src/gpu/training/trainer.ts';
import { randomParameter } from '../src/lab/training/initialise.ts';
import { benchConfiguration } from './launch.ts';
import { interleaved, median, medianRatio } from './measure.ts';
import type { BenchRow, Log } from './row.ts';
import { miniLm, miniModel, optimiser, randomBatch, type StepSizes } from './sizes.ts';
import { TensorFlowTrainer } from './tensorflow/trainer.ts';

/** Relative difference of the losses that both sides may have; float32 rounds otherwise in another order. */
const tolerance = 1e-5;
/** Steps behind which the losses are compared again. */
const compared = 5;
const seed = 1;
const scale = 20;
const learningRate = 1e-4;

/**
 * A whole training step against the same step in eager TensorFlow.js on its WebGPU backend: same weights,
 * batches, loss and optimiser, no dropout (TensorFlow.js draws its masks on the processor), the loss read
 * back after every step.
 */
export async function benchTraining(session: DeviceSession, log: Log): Promise<BenchRow[]> {
  const { software } = session;
  const sizes: StepSizes[] = [
    { name: 'mini-ce', shape: miniModel, queries: 8, tokens: 64, rounds: software ? 5 : 31 },
    ...(software ? [] : [{ name: 'mini-ce', shape: miniModel, queries: 64, tokens: 64, rounds: 15 }]),
    { name: 'MiniLM', shape: miniLm, queries: 8, tokens: 64, rounds: software ? 1 : 15 },
  ];
  const rows: BenchRow[] = [];
  for (const one of sizes) {
    const row = await benchStep(session, one, log);
    // The next size may take minutes.
    log(`  ratio ${row.ratio.toFixed(3)}`);
    rows.push(row);
  }
  return rows;
}

async function benchStep(
  session: DeviceSession,
  { name, shape, queries, tokens, rounds }: StepSizes,
  log: Log,
): Promise<BenchRow> {
  const weights = new Map(
    parameterShapes(shape).map((one) => [
      one.name,
      { shape: one.shape, data: randomParameter(one, seed, 0) },
    ]),
  );
  const batch = randomBatch(shape, queries, tokens);
  const title = `training step, ${name}: ${queries} x 3 texts of ${tokens} tokens`;
  log(title);
  const configuration = await benchConfiguration(session, shape, 3 * queries * tokens, log);
  const ours = await createTrainer(session, {
    shape,
    weights,
    configuration,
    optimiser,
    scale,
    dropout: 0,
    seed,
    miniBatchSize: 3 * queries,
  });
  const theirs = await TensorFlowTrainer.create(shape, weights, optimiser, scale);
  const losses: [number[], number[]] = [[], []];
  const say = (side: string, loss: number): void => log(`  ${side}: loss ${loss}`);
  const [own, other] = (await interleaved(
    [
      async () => {
        const step = losses[0].length;
        ours.step(batch, learningRate, step);
        for (const { loss } of await ours.stats([step])) losses[0].push(loss);
        say('here', losses[0].at(-1)!);
      },
      async () => {
        losses[1].push(await theirs.step(batch, learningRate, losses[1].length));
        say('TensorFlow.js', losses[1].at(-1)!);
      },
    ],
    rounds,
  )) as [number[], number[]];
  const shares = await ours.timedStep(batch, learningRate, losses[0].length);
  const sum = [...(shares?.values() ?? [])].reduce((total, ms) => total + ms, 0);
  for (const [family, ms] of shares ?? []) log(`  ${family}: ${((100 * ms) / sum).toFixed(1)} %`);
  ours.destroy();
  theirs.dispose();
  const [first, second] = [losses[0][0]!, losses[1][0]!];
  const behind = Math.min(rounds, compared);
  const [last, lastOther] = [losses[0][behind]!, losses[1][behind]!];
  // Losses drift apart as rounding does; an update that did something else would be seen at once.
  if (!near(first, second, tolerance) || !near(last, lastOther, 100 * tolerance)) {
    throw new Error(
      `The two sides do not do the same: their losses are ${first} and ${second} at first, ${last} and ${lastOther} behind ${behind} steps.`,
    );
  }
  return {
    name: title,
    ours: 1000 * median(own),
    other: 1000 * median(other),
    against: 'TensorFlow.js on WebGPU',
    ratio: medianRatio(own, other),
    unit: 'ms',
    note: `losses ${first.toFixed(6)} and ${second.toFixed(6)} at first, ${last.toFixed(6)} and ${lastOther.toFixed(6)} behind ${behind} steps; median of ${rounds} rounds`,
  };
}

function near(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) <= share * Math.abs(b);
}
