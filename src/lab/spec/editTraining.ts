import type { Spec, TrainSpec } from './spec.ts';
import { recipes, type Shape, shapesOf, trainBy } from './trainPresets.ts';

/** What the page proposes: the paper's model and its control, same seed, same batches. */
function proposedTraining(spec: Spec): TrainSpec[] {
  const [first, control] = shapesOf(2);
  const data = spec.datasets.map(({ source }) => source).filter((source) => source.startsWith('bundled:'));
  return [first!, control!].map((shape) => trainBy(shape, recipes[0]!, { data, evaluateEvery: 40 }));
}

/** The runs of a spec, or what is proposed where it has none. */
export function trainingOf(spec: Spec): readonly TrainSpec[] {
  return spec.train.length > 0 ? spec.train : proposedTraining(spec);
}

/** The experiment with its training. The layers are searched too: their figures stand beside the model's. */
export function withTraining(spec: Spec): Spec {
  return { ...withoutComparison(spec), train: [...trainingOf(spec)] };
}

/** The layers alone. */
export function layersOnly(spec: Spec): Spec {
  return { ...withoutComparison(spec), train: [] };
}

function withoutComparison(spec: Spec): Spec {
  return { ...spec, compare: { ...spec.compare, enabled: false } };
}

/** One change to all runs, so that they stay comparable. */
export function changeRuns(spec: Spec, change: Partial<TrainSpec>): Spec {
  return { ...spec, train: trainingOf(spec).map((train) => ({ ...train, ...change })) };
}

/** A run of one more shape, with the numbers that all runs share; or without the run of that name. */
export function withShape(spec: Spec, shape: Shape, taken: boolean): Spec {
  const runs = trainingOf(spec);
  const [first] = runs;
  const rest = runs.filter(({ name }) => name !== shape.id);
  if (!taken || !first) return rest.length > 0 ? { ...spec, train: rest } : spec;
  const copy = shape.fields.copy ? [...shape.fields.copy] : null;
  // What a shape does not name is not the first run's either.
  const usual = { loss: 'mnrl', teacher: null } as const;
  return { ...spec, train: [...rest, { ...first, ...usual, name: shape.id, ...shape.fields, copy }] };
}

/** All runs with one source of pairs more, or without it. */
export function withTrainingData(spec: Spec, source: string, taken: boolean): Spec {
  const rest = (trainingOf(spec)[0]?.data ?? []).filter((one) => one !== source);
  return changeRuns(spec, { data: taken ? [...rest, source] : rest });
}
