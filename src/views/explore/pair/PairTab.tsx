import { useEffect, useMemo, useState } from 'react';
import { sentenceOf } from '../../../base/userError.ts';
import { EmbedSnippet } from '../../../components/chart/EmbedSnippet.tsx';
import { pngBlob, sheetOf, svgBlob } from '../../../components/chart/exportFigure.ts';
import { FiguresInside } from '../../../components/chart/Figure.tsx';
import { download } from '../../../components/download.ts';
import { SelectField } from '../../../components/form/SelectField.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { layersOf, pairDocument, shownLayer } from '../../../lab/explore/pairDocument.ts';
import type { SeenPair } from '../../../lab/explore/seenPair.ts';
import { layerLabel } from '../../../lab/report/curves.ts';
import { pairEmbed } from '../../../state/embed.ts';
import { openCollection } from '../../../state/explore.ts';
import { askPair, readPair, usePair } from '../../../state/pair.ts';
import { useSettings } from '../../../state/settings.ts';
import { PairFigures } from './PairFigures.tsx';
import { PairTexts } from './PairTexts.tsx';

/** Two texts, and what every layer of both models makes of them. */
export function PairTab() {
  const models = useSettings((state) => state.spec.models);
  const seen = usePair((state) => state.seen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models read the pair anew as they are chosen.
  useEffect(() => {
    void readPair();
    // Its queries and documents can be picked.
    void openCollection();
  }, [models]);
  return (
    <>
      <section className="pair-intro" aria-labelledby="pair-title">
        <h2 id="pair-title">Look into a pair of texts</h2>
        <p>
          How alike both models find them at every layer, which tokens that comes from, where the cross
          encoder (CE) looks when it reads them together, and which words matter.
        </p>
      </section>
      <div className="explore-view">
        <PairTexts />
        {seen ? <Pictures seen={seen} /> : null}
      </div>
    </>
  );
}

/** The four figures of a pair, each to be kept by itself or all in one. */
function Pictures({ seen }: { readonly seen: SeenPair }) {
  const { layer: asked, joined } = usePair((state) => state.asked);
  const layer = shownLayer(seen, asked);
  const figures = useMemo(() => new Map<string, () => SVGSVGElement>(), []);
  const embed = pairEmbed(null);
  return (
    <>
      <section className="card pair-controls" aria-label="What is shown">
        <SelectField
          label="Layer of tokens and attention"
          value={String(layer)}
          options={layersOf(seen).map((one) => [String(one), layerLabel(one)] as const)}
          onChange={(value) => askPair({ layer: Number(value) })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={joined}
            onChange={(event) => askPair({ joined: event.target.checked })}
          />
          Join word pieces to words
        </label>
        <AllInOne seen={seen} layer={layer} figures={figures} />
        {embed === null ? (
          <p className="quiet">
            These pictures cannot be embedded in another page in one: their figures take too much room for an
            address. Embed them one by one, or keep them as files.
          </p>
        ) : (
          <EmbedSnippet title="A pair of texts, layer by layer" hash={embed} height={900} />
        )}
      </section>
      <FiguresInside.Provider value={figures}>
        <PairFigures seen={seen} embeddable />
      </FiguresInside.Provider>
    </>
  );
}

function AllInOne({
  seen,
  layer,
  figures,
}: {
  readonly seen: SeenPair;
  readonly layer: number;
  readonly figures: ReadonlyMap<string, () => SVGSVGElement>;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    try {
      const sheet = sheetOf(
        [...figures.values()].map((draw) => draw()),
        `“${seen.texts.query.slice(0, 60)}” and “${seen.texts.document.slice(0, 60)}”`,
      );
      download(`pair.${kind}`, kind === 'svg' ? svgBlob(sheet) : await pngBlob(sheet, 2));
      setFailure(null);
    } catch (error) {
      setFailure(sentenceOf(error));
    }
  };
  const json = (): string => `${JSON.stringify(pairDocument(seen, layer), null, 1)}\n`;
  return (
    <div className="button-row">
      <span className="quiet">All in one:</span>
      <button type="button" className="small" aria-label="All in one as PNG" onClick={() => void save('png')}>
        PNG
      </button>
      <button type="button" className="small" aria-label="All in one as SVG" onClick={() => void save('svg')}>
        SVG
      </button>
      <button
        type="button"
        className="small"
        aria-label="All in one as JSON"
        onClick={() => download('pair.json', json(), 'application/json')}
      >
        JSON
      </button>
      {failure ? <Problem>{failure}</Problem> : null}
    </div>
  );
}
