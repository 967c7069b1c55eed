import type { Pass } from '../../pass.ts';
import { ContrastiveLoss } from './contrastiveLoss.ts';
import { KlLoss } from './klLoss.ts';
import type { Loss } from './loss.ts';
import { MarginMseLoss } from './marginMseLoss.ts';
import { MseLoss } from './mseLoss.ts';

export type LossName = 'mnrl' | 'mse' | 'margin-mse' | 'kl';

export interface LossOptions {
  readonly loss: LossName;
  /** Of cosines. */
  readonly scale: number;
  /** Of `kl`. */
  readonly temperature: number;
}

/** The loss of pooled vectors that have so many columns. */
export function createLoss(pass: Pass, hidden: number, { loss, scale, temperature }: LossOptions): Loss {
  switch (loss) {
    case 'mnrl':
      return new ContrastiveLoss(pass, hidden, scale);
    case 'mse':
      return new MseLoss(pass, hidden);
    case 'margin-mse':
      return new MarginMseLoss(pass, hidden, scale);
    case 'kl':
      return new KlLoss(pass, hidden, scale, temperature);
  }
}
