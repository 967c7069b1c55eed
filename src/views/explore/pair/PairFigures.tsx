import './pair.css';
import type { ComponentType } from 'react';
import { type PairPicture, pairPictures } from '../../../lab/explore/embeddedPair.ts';
import { shownLayer } from '../../../lab/explore/pairDocument.ts';
import type { SeenPair } from '../../../lab/explore/seenPair.ts';
import { pairEmbed } from '../../../state/embed.ts';
import { usePair } from '../../../state/pair.ts';
import { AttentionFigure } from './AttentionFigure.tsx';
import { CurvesFigure } from './CurvesFigure.tsx';
import { EffectsFigure } from './EffectsFigure.tsx';
import type { PairFigureProps } from './pairFigure.ts';
import { SimilarityFigure } from './SimilarityFigure.tsx';

const figures: Readonly<Record<PairPicture, ComponentType<PairFigureProps>>> = {
  curves: CurvesFigure,
  words: EffectsFigure,
  tokens: SimilarityFigure,
  attention: AttentionFigure,
};

interface PairFiguresProps {
  readonly seen: SeenPair;
  /** The one that is drawn; null for all. */
  readonly only?: PairPicture | null;
  /** Whether each can be embedded in another page. */
  readonly embeddable: boolean;
  /** Whether there are no figures but these. */
  readonly fixed?: boolean;
}

/** A pair's figures, as the pair that is asked for says. */
export function PairFigures({ seen, only = null, embeddable, fixed = false }: PairFiguresProps) {
  // The whole of what is asked for stands in a figure's address.
  const { layer: asked, joined } = usePair((state) => state.asked);
  const layer = shownLayer(seen, asked);
  return (
    <div className="pair-figures" data-single={only !== null || undefined}>
      {pairPictures
        .filter((picture) => only === null || picture === only)
        .map((picture) => {
          const Figure = figures[picture];
          return (
            <Figure
              key={picture}
              seen={seen}
              layer={layer}
              joined={joined}
              embed={embeddable ? pairEmbed(picture) : null}
              fixed={fixed}
            />
          );
        })}
    </div>
  );
}
