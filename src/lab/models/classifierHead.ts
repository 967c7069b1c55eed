import { headParameters, type PostNormFamily } from './build/postNorm.ts';
import { linear } from './linear.ts';
import { activationOf } from './sentenceTransformers/activation.ts';

/** What makes logits of the first token's state, as transformers' sequence classifiers have it. */
export interface ClassifierHead {
  readonly labels: number;
  /** @param states (rows, hidden). @returns (rows, labels), summed in float64 */
  logits(states: Float32Array, rows: number): Float32Array<ArrayBuffer>;
}

/** dense, activation, projection. @param parameters as PyTorch stores them, by the hub's name */
export function classifierHead(
  family: PostNormFamily,
  labels: number,
  parameters: (name: string) => Float32Array,
): ClassifierHead {
  const { hidden } = family.shape;
  const [dense, denseBias, out, outBias] = headParameters(family, labels).map(({ name }) => parameters(name));
  const { apply } = activationOf(family.head === 'gelu' ? 'GELU' : 'Tanh');
  return {
    labels,
    logits(states, rows) {
      const given = new Float32Array(rows * labels);
      for (let row = 0; row < rows; row++) {
        const state = states.subarray(row * hidden, (row + 1) * hidden);
        const inner = linear(state, dense!, denseBias!).map(apply);
        given.set(linear(inner, out!, outBias!), row * labels);
      }
      return given;
    },
  };
}
