/** The steps of the lesson in their order, with what can be predicted at each. */
export const options = {
  dual: ['de', 'bm25', 'alike'],
  cross: ['ce', 'de', 'both', 'neither'],
  cost: ['instant', 'second', 'longer'],
  'self-pair': ['same', 'double', 'more'],
  curve: ['early', 'middle', 'late'],
  idf: ['ce', 'de', 'alike'],
  infusion: ['ce', 'rand', 'alike'],
  rerank: ['better', 'same', 'worse'],
  significance: ['yes', 'no'],
  paper: ['same', 'lower', 'higher'],
} as const;

export type StepId = keyof typeof options;
export type OptionOf<K extends StepId> = (typeof options)[K][number];

export const stepIds = Object.keys(options) as readonly StepId[];

/** Minutes that a class takes for each step, so that the lesson takes twenty. */
export const minutesPerStep = 2;

export function isStep(name: string | null): name is StepId {
  return stepIds.some((id) => id === name);
}

/** The step before (-1) or after (1); null at the ends. */
export function neighbourOf(step: StepId, by: -1 | 1): StepId | null {
  return stepIds[stepIds.indexOf(step) + by] ?? null;
}
