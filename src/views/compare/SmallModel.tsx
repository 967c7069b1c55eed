import { duration } from '../../base/units.ts';
import { type SmallModelSize, smallModelSpec } from '../../lab/compare/smallModel.ts';
import type { ComparisonCost } from '../../lab/pipeline/comparisonCost.ts';
import { useComparisonCost } from '../../state/comparisonCost.ts';
import { startRun, useRun } from '../../state/run.ts';

const sizes: readonly { readonly size: SmallModelSize; readonly button: string; readonly about: string }[] = [
  {
    size: 'small',
    button: 'Train and compare, small',
    about:
      'For two cores without a GPU: 60 steps a model, samples of 1,000 documents, the first 20 reranked.',
  },
  {
    size: 'full',
    button: 'Train and compare, full',
    about: 'For a GPU: 2,000 steps of batches eight times as large, whole collections.',
  },
];

/** The preset that trains and compares all baselines at one press. */
export function SmallModel() {
  const running = useRun(({ run }) => run.status === 'running');
  const costs = useComparisonCost((state) => (state.costs.status === 'ready' ? state.costs.value : null));
  return (
    <section className="card" aria-labelledby="small-model-title">
      <h2 id="small-model-title">What makes a small model good?</h2>
      <p>
        What a two-layer model starts from, what it learns from, one model at three depths, a small encoder
        for queries alone, token embeddings without any encoder, BM25, and lists fused: all in one table, on
        the bundled pair and collections. Nothing is downloaded.
      </p>
      <ul className="plain experiments">
        {sizes.map(({ size, button, about }) => (
          <li key={size}>
            <button
              type="button"
              className="small"
              disabled={running}
              onClick={() => void startRun(smallModelSpec(size))}
            >
              {button}
            </button>{' '}
            <span className="quiet">
              {about}
              {costs === null ? null : ` ${costInWords(costs[size])}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function costInWords({ seconds, training, teachers, basis }: ComparisonCost): string {
  const trained = [...training, ...teachers].reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  return seconds === null
    ? ''
    : `About ${duration(seconds)}, of which ${duration(trained)} to train, at the pace of ${basis}.`;
}
