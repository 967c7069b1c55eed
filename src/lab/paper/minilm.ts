import { type EncoderShape, parameterShapes, sizeOf } from '../../base/bertShape.ts';

/** Sizes of msmarco-MiniLM-L-12-v3 and ms-marco-MiniLM-L-12-v2, from their config.json. */
export const minilmShape: EncoderShape = {
  vocabulary: 30522,
  hidden: 384,
  layers: 12,
  heads: 12,
  intermediate: 1536,
  positions: 512,
  types: 2,
  epsilon: 1e-12,
};

/** Weights of an encoder without a pooler or a head. */
export function countParameters(shape: EncoderShape): number {
  return parameterShapes(shape).reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
}
