import { klDivergence } from '../../kernels/distillation/distillation.ts';
import type { Pass } from '../../pass.ts';
import { CandidateLoss } from './candidateLoss.ts';

/**
 * Kullback-Leibler divergence of the student's distribution over a query's candidates from the teacher's:
 *   loss = T² sum over d of p_d (log p_d - log r_d),  p = softmax(t / T),  r = softmax(s / T)
 * where s are scaled cosines and t the teacher's scores (Lin et al., 2020, arXiv:2010.11386; T² as of Hinton et al.,
 * 2015, arXiv:1503.02531; sentence-transformers' DistillKLDivLoss, whose temperature is 1 unless told otherwise).
 */
export class KlLoss extends CandidateLoss {
  constructor(pass: Pass, hidden: number, scale: number, temperature: number) {
    super(pass, hidden, scale, (judging, given) => klDivergence(judging, given, temperature));
  }
}
