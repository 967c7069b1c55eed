import { marginMse } from '../../kernels/distillation/distillation.ts';
import type { Pass } from '../../pass.ts';
import { CandidateLoss } from './candidateLoss.ts';

/**
 * Mean squared error of score margins: of a query with positive 0 and negatives d
 *   loss = mean over d of ((s_0 - s_d) - (t_0 - t_d))²
 * where s are scaled cosines and t the teacher's scores (Hofstätter et al., 2020, arXiv:2010.02666;
 * sentence-transformers' MarginMSELoss, which lets the similarity be chosen).
 */
export class MarginMseLoss extends CandidateLoss {
  constructor(pass: Pass, hidden: number, scale: number) {
    super(pass, hidden, scale, marginMse);
  }
}
