import type { Pass } from '../../pass.ts';
import { AdaptiveLayerLoss } from './adaptiveLayerLoss.ts';
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
  /** Layers below the last that have the loss too, the embedding layer among them; none unless told otherwise. */
  readonly layersBelow?: number;
}

/** The loss of pooled vectors that have so many columns. */
export function createLoss(pass: Pass, hidden: number, options: LossOptions): Loss {
  const { layersBelow = 0 } = options;
  if (layersBelow === 0) return ofOneLayer(pass, hidden, options);
  return new AdaptiveLayerLoss(pass, hidden, layersBelow, () => ofOneLayer(pass, hidden, options));
}

function ofOneLayer(pass: Pass, hidden: number, { loss, scale, temperature }: LossOptions): Loss {
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
