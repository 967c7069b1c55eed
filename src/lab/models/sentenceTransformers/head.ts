import { UserError } from '../../../base/userError.ts';
import type { Spec } from '../../spec/spec.ts';
import type { ModelConfig } from '../config.ts';
import { type Activation, readActivation } from './activation.ts';
import type { OwnConfig } from './prompts.ts';

/** How a cross encoder's logits become one number a pair. */
export interface Head {
  /** Names of the labels, in the logits' order. */
  readonly labels: readonly string[];
  /** Index of the label that means relevant. */
  readonly relevant: number;
  /** What sentence-transformers applies to the logits. */
  readonly activation: Activation;
  /** In words, as "the logit of "entailment" against the other labels". */
  readonly words: string;
  /** What a pair is ranked by: a logit, or the log odds of a label. Does not saturate, as `score` does. */
  relevance(logits: ArrayLike<number>): number;
  /** What `CrossEncoder.predict` gives; of several labels the probability by its softmax. */
  score(logits: ArrayLike<number>): number;
}

const relevantNames =
  /^(relevant|entailment|entails|duplicate|is_duplicate|paraphrase|equivalent|similar|positive|yes|true)$/i;

/**
 * The head of a cross encoder.
 * @param label of the spec's `models.ce.label`
 * @throws UserError when no label is known to mean relevant, or the one that is asked for is not there
 */
export function headOf(
  { labelNames, activation: named }: Pick<ModelConfig, 'labelNames' | 'activation'>,
  own: OwnConfig,
  label: Spec['models']['ce']['label'],
  source: string,
): Head {
  const relevant = relevantOf(labelNames, label, source);
  const several = labelNames.length > 1;
  const activation = readActivation(
    own.activation_fn ?? named,
    several ? 'Identity' : 'Sigmoid',
    `${source}/config.json`,
  );
  const logOdds = (logits: ArrayLike<number>): number => {
    const values = Array.from(logits, activation.apply);
    const others = values.filter((_, i) => i !== relevant);
    const most = Math.max(...others);
    return values[relevant]! - most - Math.log(others.reduce((sum, one) => sum + Math.exp(one - most), 0));
  };
  const relevance = (logits: ArrayLike<number>): number => {
    if (several) return logOdds(logits);
    return activation.increasing ? logits[0]! : activation.apply(logits[0]!);
  };
  return {
    labels: labelNames,
    relevant,
    activation,
    words: several
      ? `log odds of "${labelNames[relevant]}", label ${relevant} of ${labelNames.join(', ')}`
      : activation.increasing
        ? 'its one logit'
        : `${activation.name} of its one logit`,
    relevance,
    score: (logits) =>
      several ? 1 / (1 + Math.exp(-logOdds(logits))) : activation.apply(logits[0] ?? Number.NaN),
  };
}

function relevantOf(labels: readonly string[], asked: Spec['models']['ce']['label'], source: string): number {
  if (asked !== null) {
    const index = typeof asked === 'number' ? asked : labels.indexOf(asked);
    if (index in labels) return index;
    throw new UserError(
      `is ${JSON.stringify(asked)}, but ${source} has the labels ${labels.map((name, i) => `${i} (${name})`).join(', ')}; name one of these.`,
      { field: 'models.ce.label' },
    );
  }
  if (labels.length === 1) return 0;
  const named = labels.flatMap((name, index) => (relevantNames.test(name) ? [index] : []));
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  if (labels.length === 2) return 1;
  throw new UserError(
    `is null, but of the labels of ${source} (${labels.join(', ')}) none is known to mean relevant; name one.`,
    { field: 'models.ce.label' },
  );
}
