import { UserError } from '../../../base/userError.ts';

/** Abramowitz and Stegun, 7.1.26, whose error is below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Activations by the name of PyTorch's class. */
const activations = {
  Identity: (x: number) => x,
  Tanh: Math.tanh,
  ReLU: (x: number) => Math.max(0, x),
  GELU: (x: number) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  Sigmoid: sigmoid,
  SiLU: (x: number) => x * sigmoid(x),
  Softplus: (x: number) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
} as const;

export type ActivationName = keyof typeof activations;

/** Activations by which a larger input gives a larger output, so that they do not change an order. */
const increasing: ReadonlySet<ActivationName> = new Set(['Identity', 'Tanh', 'Sigmoid', 'Softplus']);

export interface Activation {
  readonly name: ActivationName;
  readonly apply: (x: number) => number;
  readonly increasing: boolean;
}

export function activationOf(name: ActivationName): Activation {
  return { name, apply: activations[name], increasing: increasing.has(name) };
}

/**
 * The activation that a configuration names, as `torch.nn.modules.activation.Tanh`. Like sentence-transformers,
 * which runs no code of a repository unasked, takes the default for one that is not PyTorch's.
 * @throws UserError for one of PyTorch's that the lab does not have
 */
export function readActivation(
  path: string | null | undefined,
  standard: ActivationName,
  file: string,
): Activation {
  if (!path?.startsWith('torch.')) return activationOf(standard);
  const name = path.split('.').at(-1)!;
  if (name in activations) return activationOf(name as ActivationName);
  throw new UserError(
    `names the activation ${path}; the lab has ${Object.keys(activations).join(', ')}, so use a model with one of them.`,
    { file },
  );
}
