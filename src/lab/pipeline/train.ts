import { mostTokens } from '../../base/bertShape.ts';
import { Cancelled } from '../../base/userError.ts';
import { readTokenizer, singleEncoder } from '../models/tokenise.ts';
import type { TrainingRow } from '../report/report.ts';
import { teacherOf } from '../spec/teacherOf.ts';
import { initialModel } from '../training/initialise.ts';
import { type FolderFile, modelFolder } from '../training/modelFolder.ts';
import { TrainingPlan } from '../training/trainingPlan.ts';
import { openTeacher } from './teacher.ts';
import { trainingSetOf } from './trainingData.ts';
import { TrainingRun } from './trainingRun.ts';
import type { TrainOptions } from './trainOptions.ts';

export interface TrainedModel {
  readonly row: TrainingRow;
  /** The model in the hub's layout. */
  readonly files: readonly FolderFile[];
}

/**
 * Trains one model of a spec, from its pairs to its weights. Cancelled, it leaves a checkpoint, from which
 * the same spec goes on with the same bits.
 * @throws UserError when a loss or gradient is not finite, saying at which step; Cancelled
 */
export async function trainModel(options: TrainOptions): Promise<TrainedModel> {
  const { train, spec, services, listen, signal } = options;
  const say = async (text: string): Promise<void> => await listen({ type: 'stage', text });
  await say(`${train.name}: reading the model that it starts from`);
  const source = await services.openFiles(spec.models[train.init === 'de' ? 'de' : 'ce'].source, signal);
  const initial = await initialModel(train, spec.seed, source, signal);
  const tokenizer = await readTokenizer(source, signal);
  const maxLength = Math.min(train.maxLength, mostTokens(initial.shape));
  const encoder = singleEncoder(tokenizer, { rule: 'all' }, maxLength, initial.config.padTokenId);
  const { set, data } = await trainingSetOf(options);
  const plan = new TrainingPlan(set, {
    ...train,
    seed: spec.seed,
  });
  const teacher = await openTeacher(options, set, plan, initial.shape.hidden);
  const run = new TrainingRun(options, { initial, encoder, set, plan, teacher });
  try {
    await run.start();
    await run.train();
    const { row, weights } = await run.finish();
    await say(`${train.name}: writing the model`);
    const files = await modelFolder(
      { ...initial, weights },
      source,
      maxLength,
      {
        train,
        seed: spec.seed,
        source: source.source,
        teacher: teacherOf(train, spec.models)?.source,
        data,
        steps: row.steps,
        results: row.evaluations
          .filter(({ step }) => step === row.totalSteps)
          .map(({ dataset, metrics }) => ({ dataset, system: train.name, metrics })),
        version: services.appVersion,
      },
      signal,
    );
    return { row, files };
  } catch (error) {
    if (signal.aborted) await run.keepCheckpoint();
    throw signal.aborted ? new Cancelled() : error;
  } finally {
    run.close();
  }
}
