import type { Spec, TrainSpec } from './spec.ts';

export interface TeacherSpec {
  /** What it is asked as: a cross encoder for scores, a dual encoder for vectors. */
  readonly kind: 'ce' | 'de';
  readonly source: string;
  /** Whether it is the spec's CE or DE, and is read as that. */
  readonly isOwn: boolean;
}

/** Who teaches a training run; null for a loss without a teacher. */
export function teacherOf(
  { loss, teacher }: Pick<TrainSpec, 'loss' | 'teacher'>,
  models: Spec['models'],
): TeacherSpec | null {
  if (loss === 'mnrl') return null;
  const usual = loss === 'mse' ? 'de' : 'ce';
  const asked = teacher ?? usual;
  if (asked === 'ce' || asked === 'de') return { kind: asked, source: models[asked].source, isOwn: true };
  return { kind: usual, source: asked, isOwn: false };
}
