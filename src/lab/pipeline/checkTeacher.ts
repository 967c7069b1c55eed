import { isUserError, UserError } from '../../base/userError.ts';
import { requireHead } from '../compare/openReranker.ts';
import { readModelConfig } from '../models/config.ts';
import type { Spec, TrainSpec } from '../spec/spec.ts';
import { teacherOf } from '../spec/teacherOf.ts';
import type { TrainingServices } from './trainOptions.ts';

const field = 'train.teacher';

/**
 * Whether a run's teacher can say what its loss takes, by the teacher's configuration alone.
 * @throws UserError where it cannot
 */
export async function checkTeacher(
  train: TrainSpec,
  spec: Spec,
  { openFiles }: Pick<TrainingServices, 'openFiles'>,
  signal: AbortSignal,
): Promise<void> {
  const teacher = teacherOf(train, spec.models);
  if (!teacher) {
    if (train.teacher === null) return;
    throw new UserError(
      'is set, but the loss is mnrl, which has no teacher; set loss, or leave teacher out.',
      {
        field,
      },
    );
  }
  const { kind, source } = teacher;
  const { loss } = train;
  if (loss === 'mse' && kind === 'ce') {
    throw new UserError(
      'is "ce", but mse takes the vectors of a dual encoder; take "de" or the source of one, or the loss margin-mse or kl.',
      { field },
    );
  }
  if (loss === 'margin-mse' && kind === 'de') {
    throw new UserError(
      'is "de", but margin-mse takes margins of a cross encoder’s one logit; take "ce" or the source of one, or the loss kl.',
      { field },
    );
  }
  const files = await openFiles(source, signal);
  if (kind === 'de') {
    const { labels, architecture } = await readModelConfig(files, signal);
    if (labels === null) return;
    throw new UserError(
      `is ${source}, a ${architecture}, but ${loss} takes a dual encoder here; take the source of one.`,
      { field },
    );
  }
  const own = await readModelConfig(files, signal);
  const { config, modular } = await requireHead(files, signal).catch((error: unknown) => {
    if (!isUserError(error)) throw error;
    throw new UserError(
      `is ${source}, a ${own.architecture} without a head, but ${loss} takes a cross encoder with one logit; take "ce" or the source of one.`,
      { field },
    );
  });
  const count = modular ? 1 : (config.labels ?? 1);
  if (count > 1 && !(teacher.isOwn && spec.models.ce.label !== null)) {
    throw new UserError(
      `is ${source}, which gives ${count} logits a pair, but ${loss} takes one; take a cross encoder with one, or name the one that counts in models.ce.label.`,
      { field },
    );
  }
}
