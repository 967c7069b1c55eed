import { useEffect } from 'react';
import { Problem } from '../../../components/Problem.tsx';
import { chooseCollection, useExplore } from '../../../state/explore.ts';
import { useSettings } from '../../../state/settings.ts';
import { estimateCurves, readFigures, useWhy } from '../../../state/why.ts';
import { CollectionChoice } from '../CollectionChoice.tsx';
import { TokenFigure } from './TokenFigure.tsx';
import { WeightedCurves } from './WeightedCurves.tsx';
import { WhyWords } from './WhyWords.tsx';

/** What of a token's rarity is in the embedding matrix, and what weighting by it does to the layers. */
export function WhyTab() {
  const models = useSettings((state) => state.spec.models);
  const datasets = useSettings((state) => state.spec.datasets);
  const collection = useExplore((state) => state.asked.collection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: others are read as they are chosen.
  useEffect(() => {
    void readFigures();
    void estimateCurves();
  }, [models, datasets, collection]);
  return (
    <>
      <section className="intro" aria-labelledby="why-title">
        <h2 id="why-title">Why early layers work</h2>
        <p>
          A mean of token embeddings searches well if rare tokens count more than common ones, as in BM25. Lu
          et al. (EMNLP 2025, <a href="https://arxiv.org/abs/2502.04645">arXiv:2502.04645</a>) found inverse
          document frequency (IDF) in the embedding matrix of a cross encoder. See whether this pair has it,
          on a collection of your choice.
        </p>
      </section>
      <div className="explore-view">
        <section className="card" aria-label="Collection">
          <CollectionChoice onChoose={chooseCollection} />
          <FiguresNote />
        </section>
        <WhyWords />
        <TokenFigure />
        <WeightedCurves />
      </div>
    </>
  );
}

/** How far the figures are, or what they are of. */
function FiguresNote() {
  const figures = useWhy((state) => state.figures);
  const stage = useWhy((state) => state.stage);
  if (figures.status === 'loading') return <p role="status">{stage}…</p>;
  if (figures.status === 'failed') {
    return (
      <>
        <Problem>{figures.sentence}</Problem>
        <button type="button" className="small" onClick={() => void readFigures()}>
          Try again
        </button>
      </>
    );
  }
  const { title, documents, ce, de } = figures.value;
  return (
    <p className="quiet" role="status">
      Counted over {documents.toLocaleString('en')} documents of {title}:{' '}
      {ce.tokens.length.toLocaleString('en')} tokens of the CE’s {ce.vocabulary.toLocaleString('en')},{' '}
      {de.tokens.length.toLocaleString('en')} of the DE’s {de.vocabulary.toLocaleString('en')} stand in at
      least one. Embeddings from {ce.file} and {de.file}.
    </p>
  );
}
