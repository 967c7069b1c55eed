import type { Pass } from '../../pass.ts';
import type { Binding } from '../../recorder.ts';
import { defineKernel, write } from '../defineKernel.ts';
import { wgsl } from '../wgsl.ts';

const kernel = defineKernel({
  family: 'loss',
  source: wgsl('contrastive/contrastive'),
  parameters: { first: 'u32', documents: 'u32', slope: 'f32' },
  buffers: { scores: write('f32'), losses: write('f32') },
});

export interface Contrastive {
  /** (queries, documents): scaled cosines of a block of queries; the gradient of the loss at the cosines afterwards. */
  readonly scores: Binding;
  /** (all queries), written from `first` on. */
  readonly losses: Binding;
  /** First query of the block, and how many there are. */
  readonly first: number;
  readonly queries: number;
  readonly documents: number;
  /** The gradient at a score, as a factor of softmax minus target. */
  readonly slope: number;
}

/** Records the cross entropy of each query with document number q as the right answer of query q. */
export function contrastive(
  pass: Pass,
  { scores, losses, first, queries, documents, slope }: Contrastive,
): void {
  pass.dispatch(kernel, { scores, losses }, { first, documents, slope }, queries);
}
