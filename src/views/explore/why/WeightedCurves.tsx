import { duration } from '../../../base/units.ts';
import { RadioField } from '../../../components/form/RadioField.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { useExplore } from '../../../state/explore.ts';
import { useSettings } from '../../../state/settings.ts';
import { askWhy, cancelCurves, computeCurves, curvesKey, useWhy } from '../../../state/why.ts';
import { WeightedFigure } from './WeightedFigure.tsx';

/** Every layer's search with tokens counted alike and by their IDF, computed when it is asked for. */
export function WeightedCurves() {
  const curves = useWhy((state) => state.curves);
  const key = useKey();
  const running = curves.status === 'running';
  return (
    <>
      <section className="card" aria-labelledby="why-curves">
        <h3 id="why-curves">What IDF weights do to the layers</h3>
        <p>
          Each layer searches twice: with the plain mean over a text’s tokens, and with the mean weighted by
          their IDF. If weights change little, the states hold it already, or it does not matter here.
        </p>
        <ExtentField disabled={running} />
        <Cost />
        <div className="button-row">
          <button type="button" disabled={running} onClick={() => void computeCurves()}>
            Compute the curves
          </button>
          {running ? (
            <button type="button" onClick={cancelCurves}>
              Cancel
            </button>
          ) : null}
        </div>
        {curves.status === 'running' ? <p role="status">{curves.text}…</p> : null}
        {curves.status === 'cancelled' ? <p role="status">Cancelled. What was embedded is kept.</p> : null}
        {curves.status === 'failed' ? <Problem>{curves.sentence}</Problem> : null}
        {curves.status === 'ready' && curves.value.key !== key ? (
          <p role="status">The curves were of other settings; compute them again.</p>
        ) : null}
      </section>
      {curves.status === 'ready' && curves.value.key === key ? (
        <WeightedFigure curves={curves.value} />
      ) : null}
    </>
  );
}

/** What the curves of the present choice are known by; read anew as any part of the choice changes. */
function useKey(): string {
  useSettings((state) => state.spec);
  useExplore((state) => state.asked.collection);
  useWhy((state) => state.asked.extent);
  return curvesKey();
}

function ExtentField({ disabled }: { readonly disabled: boolean }) {
  const extent = useWhy((state) => state.asked.extent);
  return (
    <RadioField
      legend="Computed on"
      value={extent}
      disabled={disabled}
      options={[
        [
          'sample',
          'the sample of the settings',
          '(50 queries and 200 documents unless chosen otherwise on Layers)',
        ],
        ['all', 'all queries and documents'],
      ]}
      onChange={(one) => askWhy({ extent: one })}
    />
  );
}

/** What pressing the button takes. */
function Cost() {
  const estimate = useWhy((state) => state.estimate);
  if (estimate.status === 'loading') return <p className="quiet">Estimating…</p>;
  if (estimate.status === 'failed') return <Problem>{estimate.sentence}</Problem>;
  const { texts, seconds, basis } = estimate.value;
  return (
    <p className="quiet">
      Two runs of {texts.toLocaleString('en')} texts by every layer of both models
      {seconds === null ? '' : `, about ${duration(2 * seconds)} at the pace of ${basis}`}. What is embedded
      already takes no time.
    </p>
  );
}
